"""One module a page: what it reads, how it is put, its address."""
