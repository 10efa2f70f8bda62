-- The keys were written in clear text before; now they are digests.
DELETE FROM oauth_cache
