"""党组织: one stream a branch (superiors are units too): terms, posts, meetings."""
