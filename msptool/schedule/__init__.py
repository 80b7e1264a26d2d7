"""The one place for timers: systemd units and crontab lines, both in UTC, from one calendar.

`calendar` reads when, `plan` says what runs and how, `systemd` and `cron` are the two doors,
`trusted` refuses to schedule a program that another user could change.
"""
