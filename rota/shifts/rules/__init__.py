"""Local times, spans, patterns: decided from plain values, without database or clock."""
