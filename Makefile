# Short names for the jobs of workshop.py.
.PHONY: check test style docs lock clean

check test style docs lock clean:
	@python3 workshop.py $@
