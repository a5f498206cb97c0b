"""What `milepost eta` evaluates: folders of real days, and days that are simulated."""
