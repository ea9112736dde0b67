-- One log. No extensions, no advisory locks, no sequences, no triggers.

CREATE TABLE leftfold_log (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    created timestamptz NOT NULL DEFAULT now(),
    partition_positions bigint NOT NULL DEFAULT 100000000 CHECK (partition_positions % 256 = 0),
    partitioned_to bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE leftfold_log IS 'One row. Who holds its lock may append.';
COMMENT ON COLUMN leftfold_log.partition_positions IS
    'How many positions the next partition of leftfold_events takes: whole blocks of leftfold_postings.';
COMMENT ON COLUMN leftfold_log.partitioned_to IS 'The last position that there is a partition for.';
INSERT INTO leftfold_log DEFAULT VALUES;

CREATE TABLE leftfold_streams (
    id bigint PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE
);
COMMENT ON COLUMN leftfold_streams.id IS 'The position of the stream''s first event.';

CREATE TABLE leftfold_events (
    position bigint PRIMARY KEY,
    stream_id bigint NOT NULL,
    version bigint NOT NULL,
    recorded_at bigint NOT NULL,
    event_id uuid NOT NULL,
    schema_version int NOT NULL,
    type text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    content_type text COLLATE "C",
    metadata text[] COLLATE "C",
    tags text[] COLLATE "C",
    data bytea NOT NULL
) PARTITION BY RANGE (position);
COMMENT ON TABLE leftfold_events IS 'Insert only. Positions are dense, from 1, in the order of commits.';
COMMENT ON COLUMN leftfold_events.recorded_at IS 'Microseconds since 1970-01-01 UTC; never goes backwards.';
COMMENT ON COLUMN leftfold_events.content_type IS 'NULL: application/json.';
COMMENT ON COLUMN leftfold_events.metadata IS
    'NULL: none; else causation id, correlation id, actor, producer, then headers'' names and values in turn.';
CREATE INDEX leftfold_events_version ON leftfold_events (stream_id, version);
CREATE INDEX leftfold_events_id ON leftfold_events (stream_id, event_id);

CREATE TABLE leftfold_tags (
    tag text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (tag, position)
);

CREATE TABLE leftfold_postings (
    key text COLLATE "C" NOT NULL,
    block bigint NOT NULL,
    offsets smallint[] NOT NULL,
    PRIMARY KEY (key, block)
);
COMMENT ON TABLE leftfold_postings IS
    'Where events of a type or category are, in each full block of 256 positions. An index entry an event cost more.';
COMMENT ON COLUMN leftfold_postings.key IS 't:type or c:category.';
COMMENT ON COLUMN leftfold_postings.block IS 'The position before the block''s first: a multiple of 256.';
COMMENT ON COLUMN leftfold_postings.offsets IS 'What is to be added to block, 1 to 256.';

-- Writes the postings of the blocks that become full when the log grows to head.
CREATE FUNCTION leftfold_post(head_before bigint, head bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO leftfold_postings (key, block, offsets)
        SELECT coalesce('t:' || type, 'c:' || category), block, array_agg((position - block)::smallint)
        FROM (SELECT position, type, split_part(stream, '-', 1) AS category, (position - 1) / 256 * 256 AS block
              FROM leftfold_events WHERE position > head_before / 256 * 256 AND position <= head / 256 * 256) AS one
        GROUP BY GROUPING SETS ((type, block), (category, block))
$$;

-- The positions of the first, or last, so many events of a category, of one of some types, or of both, in no order;
-- some more may be among them. NULL and {} restrict nothing, but not both. Blocks whose partition was moved away are
-- passed over. Of both, the postings of a single type are followed, for it is mostly the rarer one, or else the
-- category's; blocks in which the other one is not are passed over as a whole.
CREATE FUNCTION leftfold_matches(
    in_category text, types_any text[], low bigint, high bigint, at_most bigint, backwards boolean)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    types text[] := ARRAY(SELECT 't:' || one FROM unnest(types_any) AS one);
    keys text[] := CASE
        WHEN in_category IS NULL OR cardinality(types) = 1 THEN types
        ELSE ARRAY['c:' || in_category] END;
    others text[] := CASE
        WHEN in_category IS NULL OR types = '{}' THEN NULL
        WHEN cardinality(types) = 1 THEN ARRAY['c:' || in_category]
        ELSE types END;
    first bigint; -- of the events that are there
    posted bigint;
    from_block bigint;
    to_block bigint;
    next_from bigint;
    next_to bigint;
    width bigint := (at_most / 256 + 2) * 256; -- enough if all match; doubled until enough are found
    found bigint := 0;
    more bigint;
BEGIN
    SELECT e.position INTO first FROM leftfold_events e WHERE e.position >= low ORDER BY e.position LIMIT 1;
    SELECT e.position / 256 * 256 INTO posted FROM leftfold_events e ORDER BY e.position DESC LIMIT 1;
    from_block := (first - 1) / 256 * 256;
    to_block := least(posted, least(high, posted) / 256 * 256 + 256);
    WHILE found < at_most AND from_block < to_block LOOP
        IF backwards THEN
            next_to := to_block;
            next_from := greatest(from_block, to_block - width);
            to_block := next_from;
        ELSE
            next_from := from_block;
            next_to := least(to_block, from_block + width);
            from_block := next_to;
        END IF;
        -- OFFSET 0: once for each block, not for each event.
        RETURN QUERY SELECT p.block + o FROM leftfold_postings p CROSS JOIN LATERAL unnest(p.offsets) AS o
            WHERE p.key = ANY (keys) AND p.block >= next_from AND p.block < next_to
            AND EXISTS (SELECT 1 FROM leftfold_events e WHERE e.position = p.block + 1 OFFSET 0)
            AND (others IS NULL OR EXISTS (
                SELECT 1 FROM leftfold_postings t WHERE t.key = ANY (others) AND t.block = p.block OFFSET 0))
            AND p.block + o >= first AND p.block + o <= high
            AND (others IS NULL OR EXISTS (SELECT 1 FROM leftfold_events e WHERE e.position = p.block + o
                AND split_part(e.stream, '-', 1) = in_category AND e.type = ANY (types_any)));
        GET DIAGNOSTICS more = ROW_COUNT;
        found := found + more;
        width := width * 2;
    END LOOP;
    RETURN QUERY SELECT e.position FROM leftfold_events e
        WHERE e.position > posted AND e.position >= first AND e.position <= high
        AND (in_category IS NULL OR split_part(e.stream, '-', 1) = in_category)
        AND (types_any = '{}' OR e.type = ANY (types_any));
END
$$;

-- The text that the bytes are; NULL if they are none, as nothing keeps a writer from calling any bytes JSON.
CREATE FUNCTION leftfold_text(bytes bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN convert_from(bytes, 'UTF8');
EXCEPTION WHEN character_not_in_repertoire THEN
    RETURN NULL;
END
$$;

CREATE VIEW leftfold_events_readable AS
    SELECT position, stream, version, timestamptz 'epoch' + recorded_at * interval '1 microsecond' AS recorded_at,
           event_id, type, schema_version,
           metadata[1] AS causation_id, metadata[2] AS correlation_id, metadata[3] AS actor, metadata[4] AS producer,
           tags, coalesce(content_type, 'application/json') AS content_type,
           CASE WHEN content_type IS NULL THEN leftfold_text(data) END AS json
    FROM leftfold_events;

-- The version of a stream's last event at or before a position: a binary search, for versions and positions grow
-- together. Of events whose partition was moved away the next one that is there is looked at instead; before the first
-- one that is there the answer is 0.
CREATE FUNCTION leftfold_version_at(in_stream text, up_to bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    of_stream bigint;
    low bigint := 0;
    high bigint;
    middle bigint;
    last bigint;
    there bigint;
BEGIN
    SELECT s.id INTO of_stream FROM leftfold_streams s WHERE s.name = in_stream;
    SELECT e.version, e.position INTO high, last FROM leftfold_events e
        WHERE e.stream_id = of_stream ORDER BY e.stream_id DESC, e.version DESC LIMIT 1;
    IF of_stream IS NULL OR up_to < of_stream THEN
        RETURN 0;
    ELSIF last <= up_to THEN
        RETURN high;
    END IF;
    WHILE high - low > 1 LOOP
        middle := (low + high) / 2;
        SELECT e.version, e.position INTO there, last FROM leftfold_events e
            WHERE e.stream_id = of_stream AND e.version >= middle ORDER BY e.stream_id, e.version LIMIT 1;
        IF last <= up_to THEN
            low := there;
        ELSE
            high := middle;
        END IF;
    END LOOP;
    RETURN low;
END
$$;

-- The position of the first event after since that fulfils all that is said; 0 if there is none. NULL and {} restrict
-- nothing; the type is one of types_any, the tags are all of tags_all.
CREATE FUNCTION leftfold_first_match(since bigint, in_stream text, in_category text, types_any text[], tags_all text[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
    seen bigint;
BEGIN
    IF tags_all <> '{}' THEN
        SELECT t.position INTO found FROM leftfold_tags t
            WHERE t.tag = tags_all[1] AND t.position > since
            AND NOT EXISTS (
                SELECT 1 FROM unnest(tags_all[2:]) AS other WHERE NOT EXISTS (
                    SELECT 1 FROM leftfold_tags o WHERE o.tag = other AND o.position = t.position))
            AND (in_stream IS NULL AND in_category IS NULL AND types_any = '{}' OR EXISTS (
                SELECT 1 FROM leftfold_events e WHERE e.position = t.position
                    AND (in_stream IS NULL OR e.stream = in_stream)
                    AND (in_category IS NULL OR split_part(e.stream, '-', 1) = in_category)
                    AND (types_any = '{}' OR e.type = ANY (types_any))))
            ORDER BY t.position LIMIT 1;
    ELSIF in_stream IS NOT NULL THEN
        seen := leftfold_version_at(in_stream, since);
        SELECT e.position INTO found FROM leftfold_events e
            WHERE e.stream_id = (SELECT s.id FROM leftfold_streams s WHERE s.name = in_stream)
            AND e.version > seen
            AND (in_category IS NULL OR split_part(e.stream, '-', 1) = in_category)
            AND (types_any = '{}' OR e.type = ANY (types_any))
            ORDER BY e.version LIMIT 1;
    ELSIF since < 9223372036854775807 AND (in_category IS NOT NULL OR types_any <> '{}') THEN
        found := (SELECT min(m)
            FROM leftfold_matches(in_category, types_any, since + 1, 9223372036854775807, 1, false) AS m);
    ELSE
        SELECT e.position INTO found FROM leftfold_events e
            WHERE e.position > since ORDER BY e.position LIMIT 1;
    END IF;
    RETURN coalesce(found, 0);
END
$$;

-- A type with a name: the columns of OUT parameters would be put together anew in each call.
CREATE TYPE leftfold_answer AS (
    head bigint, versions bigint[], at bigint,
    bad_streams int[], bad_looks int[], bad_queries int[], known_events int[]);

-- Appends everything or, where anything does not fit, nothing. Arrays of one letter go together:
--   s: the streams that are written. Name; the version it must be at (-1: any); number of its first event in e.
--   c: streams that an append only looks at. Name; the version it must be at (-1: it must exist).
--   q: what nothing may match. After which position; the rest as in leftfold_first_match.
--   e: the events, in log order. Number of its stream in s; which one of that stream's it is, from 1; the fields.
-- Returns the head before, each stream's version before, when the events were recorded, and the numbers of what does
-- not fit: streams at another version, streams looked at likewise, queries that match, events that are already there.
CREATE FUNCTION leftfold_append(
    recorded bigint,
    s_name text[], s_version bigint[], s_first int[],
    c_name text[], c_version bigint[],
    q_since bigint[], q_stream text[], q_category text[], q_types text[], q_tags text[],
    e_stream int[], e_number int[], e_name text[], e_id uuid[], e_schema_version int[], e_type text[],
    e_content_type text[], e_metadata text[], e_tags text[], e_data bytea[])
RETURNS leftfold_answer LANGUAGE plpgsql AS $$
DECLARE
    head bigint;
    versions bigint[];
    at bigint;
    bad_streams int[];
    bad_looks int[];
    bad_queries int[];
    known_events int[];
    ids bigint[];
    last_recorded bigint;
    i int;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'appends need READ COMMITTED: at % a transaction does not see what was committed since it began',
            upper(current_setting('transaction_isolation')) USING ERRCODE = 'LF001';
    END IF;
    PERFORM 1 FROM leftfold_log FOR UPDATE;
    -- From here on nobody else appends; each statement sees everything that was committed before the lock was taken.
    SELECT e.position, e.recorded_at INTO head, last_recorded
        FROM leftfold_events e ORDER BY e.position DESC LIMIT 1;
    head := coalesce(head, 0);
    IF cardinality(s_name) = 1 THEN -- the same as below, in plain statements: what one append costs is their number
        SELECT ARRAY[s.id], ARRAY[coalesce((
                SELECT e.version FROM leftfold_events e WHERE e.stream_id = s.id
                ORDER BY e.stream_id DESC, e.version DESC LIMIT 1), 0)]
            INTO ids, versions FROM leftfold_streams s WHERE s.name = s_name[1];
        IF ids IS NULL THEN
            ids := '{0}';
            versions := '{0}';
        END IF;
    ELSE
        SELECT array_agg(stream_id), array_agg(coalesce((
                SELECT e.version FROM leftfold_events e WHERE e.stream_id = found.stream_id
                ORDER BY e.stream_id DESC, e.version DESC LIMIT 1), 0))
            INTO ids, versions
            FROM (SELECT coalesce((SELECT s.id FROM leftfold_streams s WHERE s.name = one), 0) AS stream_id
                  FROM unnest(s_name) AS one OFFSET 0) AS found;
    END IF;
    FOR i IN 1 .. cardinality(ids) LOOP
        IF s_version[i] >= 0 AND s_version[i] <> versions[i] THEN
            bad_streams := bad_streams || i;
        END IF;
    END LOOP;
    IF cardinality(e_id) = 1 THEN
        IF versions[1] > 0 AND EXISTS (
                SELECT 1 FROM leftfold_events e WHERE e.stream_id = ids[1] AND e.event_id = e_id[1]) THEN
            known_events := '{1}';
        END IF;
    ELSE
        known_events := (SELECT array_agg(o) FROM (
                SELECT unnest(e_stream) AS stream, unnest(e_id) AS id, generate_series(1, cardinality(e_id)) AS o) AS one
            WHERE versions[one.stream] > 0 AND EXISTS (
                SELECT 1 FROM leftfold_events e WHERE e.stream_id = ids[one.stream] AND e.event_id = one.id));
    END IF;
    IF c_name IS NOT NULL THEN
        bad_looks := (SELECT array_agg(o) FROM unnest(c_name, c_version) WITH ORDINALITY AS one (name, expected, o)
            CROSS JOIN LATERAL (SELECT coalesce((
                SELECT e.version FROM leftfold_events e
                    WHERE e.stream_id = (SELECT s.id FROM leftfold_streams s WHERE s.name = one.name)
                    ORDER BY e.stream_id DESC, e.version DESC LIMIT 1), 0) AS version) AS found
            WHERE CASE WHEN expected < 0 THEN version = 0 ELSE version <> expected END);
    END IF;
    IF q_since IS NOT NULL THEN
        bad_queries := (SELECT array_agg(o) FROM unnest(q_since, q_stream, q_category, q_types, q_tags)
            WITH ORDINALITY AS one (since, stream, category, types, tags, o)
            WHERE since < head AND leftfold_first_match(since, stream, category, types::text[], tags::text[]) > 0);
    END IF;
    IF bad_streams IS NOT NULL OR bad_looks IS NOT NULL OR bad_queries IS NOT NULL OR known_events IS NOT NULL THEN
        RETURN (head, versions, at, bad_streams, bad_looks, bad_queries, known_events);
    END IF;
    FOR i IN 1 .. cardinality(ids) LOOP
        IF ids[i] = 0 THEN
            ids[i] := head + s_first[i];
        END IF;
    END LOOP;
    IF cardinality(ids) = 1 AND versions[1] = 0 THEN
        INSERT INTO leftfold_streams (id, name) VALUES (ids[1], s_name[1]);
    ELSIF cardinality(ids) > 1 THEN
        INSERT INTO leftfold_streams (id, name)
            SELECT one.id, one.name FROM (
                SELECT unnest(ids) AS id, unnest(s_name) AS name, unnest(versions) AS version) AS one
            WHERE one.version = 0;
    END IF;
    at := greatest(last_recorded, coalesce(recorded, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint));
    IF cardinality(e_id) = 1 THEN
        INSERT INTO leftfold_events (position, stream_id, version, recorded_at, event_id, schema_version, type, stream,
                content_type, metadata, tags, data)
            VALUES (head + 1, ids[1], versions[1] + 1, at, e_id[1], e_schema_version[1], e_type[1], s_name[1],
                e_content_type[1], e_metadata[1]::text[], e_tags[1]::text[], e_data[1]);
    ELSE -- functions in the list of columns, not in FROM, where each would write its rows to a store first
        INSERT INTO leftfold_events (position, stream_id, version, recorded_at, event_id, schema_version, type, stream,
                content_type, metadata, tags, data)
            SELECT head + o, ids[one.stream], versions[one.stream] + number, at, id, schema_version, type, name,
                content_type, metadata::text[], tags::text[], data
            FROM (SELECT generate_series(1, cardinality(e_id)) AS o, unnest(e_stream) AS stream,
                unnest(e_number) AS number, unnest(e_name) AS name, unnest(e_id) AS id,
                unnest(e_schema_version) AS schema_version, unnest(e_type) AS type,
                unnest(e_content_type) AS content_type, unnest(e_metadata) AS metadata, unnest(e_tags) AS tags,
                unnest(e_data) AS data) AS one;
    END IF;
    IF e_tags IS NOT NULL THEN
        INSERT INTO leftfold_tags (tag, position)
            SELECT tag, head + o FROM unnest(e_tags) WITH ORDINALITY AS one (tags, o), unnest(one.tags::text[]) AS tag;
    END IF;
    IF head / 256 < (head + cardinality(e_id)) / 256 THEN
        PERFORM leftfold_post(head, head + cardinality(e_id));
    END IF;
    RETURN (head, versions, at, bad_streams, bad_looks, bad_queries, known_events);
END
$$;

-- Plans that do not depend on statistics: a fresh table has none, and these statements must use its indexes from the
-- first event on. What these settings rule out is priced so high where there is no other way that the server would also
-- compile each statement, in each call.
ALTER FUNCTION leftfold_append SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION leftfold_append SET enable_seqscan = off;
ALTER FUNCTION leftfold_append SET enable_hashjoin = off;
ALTER FUNCTION leftfold_append SET enable_mergejoin = off;
ALTER FUNCTION leftfold_append SET jit = off;
ALTER FUNCTION leftfold_append SET array_nulls = on; -- what is not said in metadata; off, NULL is a text there
ALTER FUNCTION leftfold_first_match SET enable_seqscan = off;
ALTER FUNCTION leftfold_first_match SET enable_hashjoin = off;
ALTER FUNCTION leftfold_first_match SET enable_mergejoin = off;
ALTER FUNCTION leftfold_first_match SET jit = off;
ALTER FUNCTION leftfold_post SET enable_seqscan = off;
ALTER FUNCTION leftfold_matches SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION leftfold_matches SET enable_seqscan = off;
ALTER FUNCTION leftfold_matches SET enable_bitmapscan = off;
ALTER FUNCTION leftfold_matches SET enable_hashjoin = off;
ALTER FUNCTION leftfold_matches SET enable_mergejoin = off;
ALTER FUNCTION leftfold_matches SET jit = off;
