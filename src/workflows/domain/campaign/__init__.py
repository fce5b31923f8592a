"""考评: one stream a campaign: declared, scored with proof, sampled, re-checked, decided."""
