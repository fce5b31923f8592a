"""发展党员 and 党员: one stream a person for life, from application to full membership."""
