"""Small servers that run as bare scripts inside the site's hosts, without msptool."""
