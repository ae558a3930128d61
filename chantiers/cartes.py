"""What the app `chantiers` offers: menu entries, home cards, what waits, tabs."""
