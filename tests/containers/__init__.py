"""Servers in containers. The image is made on the spot and holds the rehearsal under OVMS's command line: what is shown
is how containers are started, watched and removed, and nothing about OVMS."""
