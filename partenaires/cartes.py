"""What the app `partenaires` offers: menu entries, home cards, what waits, tabs."""
