"""The clock: turns due deadlines into messages; keeps no deadline of its own."""
