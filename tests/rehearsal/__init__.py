"""The rehearsal server, tested as what it is: a process on loopback."""
