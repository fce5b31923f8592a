"""整改: one stream a problem, from the day it was found to its close-out (销号), and what came back later."""
