"""Signing in and out, and finding out who asks."""
