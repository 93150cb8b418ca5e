"""What a server said and how it ended, turned into findings with places.

Log signatures come from the catalog as data. Nothing here starts, asks or stops a server, and nothing judges files.
"""
