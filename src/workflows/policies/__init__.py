"""Rules of the regulations (党内法规): kinds, packs, layers and findings; pure, knows only the kernel."""
