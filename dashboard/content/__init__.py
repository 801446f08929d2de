"""What a file says before it has a format: cards as specifications, the stamp, and the plan of a briefing. `dashboard.exports` writes it."""
