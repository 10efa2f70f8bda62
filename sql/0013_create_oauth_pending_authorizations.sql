CREATE TABLE IF NOT EXISTS oauth_pending_authorizations (
    id CHAR(64) NOT NULL COMMENT 'SHA-256 of the auth_token',
    session_id CHAR(64) NOT NULL COMMENT 'oauth_sessions.id',
    client_id VARCHAR(36) NOT NULL,
    response_type VARCHAR(16) NOT NULL,
    redirect_uri TEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'where the answer goes',
    redirect_uri_was_given TINYINT(1) NOT NULL COMMENT '1: the token request must repeat it',
    scopes TEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON array',
    state TEXT CHARACTER SET utf8mb4 NULL,
    code_challenge VARCHAR(128) NULL,
    decision VARCHAR(8) NULL COMMENT 'approve or deny',
    decided_at DATETIME NULL,
    expires_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    KEY expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin COMMENT='Consent pages that were shown'
