"""Find out what is on a client's network and in what state: probe, identify, check.

What is known of a machine has another name at each step, from the wire to the report:

- a *record* is a line that a worker printed (`workers/`): raw, untrusted;
- a *fact* (`facts.py`) is what we read in it, with address, time, source and evidence. `Alive`,
  `Port`, `Grab` and `Snmp` are what answered; `Told` is what a probe's reader (`probes/`) took out
  of one answer; `Heard` is what something announced by itself (`heard/`); `Hint` is somebody's
  word that there is a machine, before it has source and time a `Lead` (`hints/`);
- a `Clue` (`clues.py`) is a field of a machine that `Told` and `Heard` speak for, a `Said`
  (`witness.py`) one that its agent's SNMP rows speak for, each with how far it is believed;
- a `Testimony` (`identify/witnesses.py`) is all that is said of an address: the `Nameplate` of its
  agent, the best clues, and as `Claim`s who said what and was believed or not;
- `Keys` (`identify/shapes.py`) are what an address may be known again by. What they join is a
  `Group`, why they did its `Tie`s, and the machine that people see an `Asset` (`asset.py`).
"""
