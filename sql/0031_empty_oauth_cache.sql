-- The keys were stored in clear text before. Now the keys are digests.
DELETE FROM oauth_cache
