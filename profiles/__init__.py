"""Service plans and device families: data that ships with msptool."""
