"""The minutes of a meeting: composed from its rows, drafted, drawn; frozen once adopted (R7)."""
