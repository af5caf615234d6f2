"""What a phone calendar is told, as text that gives nothing away."""
