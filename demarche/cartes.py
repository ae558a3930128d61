"""What the app `demarche` offers: menu entries, home cards, what waits, tabs."""
