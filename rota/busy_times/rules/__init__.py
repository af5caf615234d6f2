"""When somebody's own calendar says that they are busy; when such times still count as known."""
