"""Templates of reports, systemd units and tickets: data that ships with msptool."""
