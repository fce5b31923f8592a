"""Forms: what a page may record, and how what was filled in becomes a command."""
