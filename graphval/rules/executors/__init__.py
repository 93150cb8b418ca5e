"""GV53x-GV54x: executors, threads and the profiler."""
