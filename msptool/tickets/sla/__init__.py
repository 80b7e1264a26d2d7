"""When a ticket must be answered and done, by the client's plan.

`wall` turns wall clocks into instants, `public_days` knows holidays, `calendar` says what a day is,
`hours` counts time, `running` tells when a ticket's clock ran, `reckoner` brings them together;
`why` explains, `effort` and `report` add up a month. Instants are whole microseconds since 1970.
"""
