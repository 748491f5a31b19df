"""Plans applied: with guards, a second look, a lease, and a file that takes it back."""
