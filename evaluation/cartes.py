"""What the app `evaluation` offers: menu entries, home cards, what waits, tabs."""
