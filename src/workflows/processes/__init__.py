"""Process managers: what follows when a day comes; pure, one module each."""
