"""示范点: one stream a site: nominated, planned, assessed, named, adjusted, taken off."""
