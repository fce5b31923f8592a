"""案卷 on the web: one list and one page for every kind; each kind adds its own part by registering."""
