# Short names for the jobs of workshop.py.
.PHONY: check test style lock clean

check test style lock clean:
	@python3 workshop.py $@
