-- Messages to the world outside, written in the user's own transactions, and how far they have been delivered.

CREATE TABLE leftfold_outbox (
    position bigint PRIMARY KEY,
    shard int NOT NULL,
    published_at bigint NOT NULL,
    id uuid NOT NULL UNIQUE,
    key text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    content_type text COLLATE "C",
    headers text[] COLLATE "C",
    data bytea NOT NULL
);
COMMENT ON TABLE leftfold_outbox IS 'What was published. Positions grow in the order of commits.';
COMMENT ON COLUMN leftfold_outbox.shard IS 'Of the key; messages of one key lie in one shard.';
COMMENT ON COLUMN leftfold_outbox.published_at IS 'Microseconds since 1970-01-01 UTC.';
COMMENT ON COLUMN leftfold_outbox.content_type IS 'NULL: application/json.';
COMMENT ON COLUMN leftfold_outbox.headers IS 'Names and values in turn.';
CREATE INDEX leftfold_outbox_shard ON leftfold_outbox (shard, position);

CREATE TABLE leftfold_outbox_shards (
    shard int PRIMARY KEY,
    position bigint NOT NULL DEFAULT 0,
    relay text,
    epoch bigint NOT NULL DEFAULT 0,
    attempts int NOT NULL DEFAULT 0,
    failure text
);
COMMENT ON COLUMN leftfold_outbox_shards.position IS 'Everything of the shard up to here is delivered or parked.';
COMMENT ON COLUMN leftfold_outbox_shards.relay IS 'Who delivers; NULL: nobody. Each new one raises the epoch.';
COMMENT ON COLUMN leftfold_outbox_shards.attempts IS 'How often the next message has failed.';
INSERT INTO leftfold_outbox_shards (shard) SELECT generate_series(0, 15);

CREATE TABLE leftfold_outbox_relays (
    relay text PRIMARY KEY,
    beat bigint NOT NULL
);
COMMENT ON COLUMN leftfold_outbox_relays.beat IS 'Raised every second; a relay whose beat stands still is dead.';

CREATE TABLE leftfold_outbox_parked (
    LIKE leftfold_outbox INCLUDING COMMENTS,
    parked_at bigint NOT NULL,
    attempts int NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (position),
    UNIQUE (id)
);
COMMENT ON TABLE leftfold_outbox_parked IS 'Messages that were given up; they wait to be published again or dropped.';

-- Publishes messages with the transaction that calls, in the order of the arrays. A message whose id is still in the
-- outbox is left out. Returns how many were published.
CREATE FUNCTION leftfold_publish(
    m_id uuid[], m_key text[], m_type text[], m_content_type text[], m_headers text[], m_data bytea[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    head bigint;
    published bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION
            'publishing needs READ COMMITTED: at % a transaction does not see what was committed since it began',
            upper(current_setting('transaction_isolation')) USING ERRCODE = 'LF001';
    END IF;
    -- The lock that appends take, so that a transaction that does both cannot be in another one's way.
    PERFORM 1 FROM leftfold_log FOR UPDATE;
    -- The last message may be delivered and deleted, or parked; its shard then stands at its position.
    head := greatest((SELECT max(o.position) FROM leftfold_outbox o),
        (SELECT max(s.position) FROM leftfold_outbox_shards s));
    INSERT INTO leftfold_outbox (position, shard, published_at, id, key, type, content_type, headers, data)
        SELECT head + row_number() OVER (ORDER BY o), get_byte(sha256(convert_to(one.key, 'UTF8')), 0) % 16,
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, one.id, one.key, one.type, one.content_type,
            one.headers::text[], one.data
        FROM unnest(m_id, m_key, m_type, m_content_type, m_headers, m_data) WITH ORDINALITY
            AS one (id, key, type, content_type, headers, data, o)
        WHERE NOT EXISTS (SELECT 1 FROM leftfold_outbox held WHERE held.id = one.id)
        AND NOT EXISTS (SELECT 1 FROM leftfold_outbox_parked held WHERE held.id = one.id);
    GET DIAGNOSTICS published = ROW_COUNT;
    RETURN published;
END
$$;
ALTER FUNCTION leftfold_publish SET enable_seqscan = off;
ALTER FUNCTION leftfold_publish SET enable_hashjoin = off;
ALTER FUNCTION leftfold_publish SET enable_mergejoin = off;

-- Publishes parked messages again, behind everything that was published since: the one of an id, or all where it is
-- NULL. Returns how many.
CREATE FUNCTION leftfold_publish_parked(m_id uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    again leftfold_outbox_parked;
    published bigint := 0;
BEGIN
    PERFORM 1 FROM leftfold_log FOR UPDATE;
    FOR again IN SELECT * FROM leftfold_outbox_parked p WHERE m_id IS NULL OR p.id = m_id ORDER BY p.position LOOP
        DELETE FROM leftfold_outbox_parked p WHERE p.position = again.position;
        IF FOUND THEN
            published := published + leftfold_publish(ARRAY[again.id], ARRAY[again.key], ARRAY[again.type],
                ARRAY[again.content_type], ARRAY[again.headers::text], ARRAY[again.data]);
        END IF;
    END LOOP;
    RETURN published;
END
$$;
