"""GV20x-GV22x: names, tags, producers, consumers, cycles and back edges, as MediaPipe checks them in its dry run."""
