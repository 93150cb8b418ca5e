"""GV6xx: config.json, subconfigs, names, paths and models, by OVMS's rules for them."""
