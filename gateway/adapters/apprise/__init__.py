"""Messages by e-mail, SMS and chat, through Apprise."""
