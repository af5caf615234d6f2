"""The texts of pages in English, Dutch and Romanian, and in which of them somebody reads."""
