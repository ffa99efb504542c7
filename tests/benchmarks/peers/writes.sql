-- The verbs as functions, for peers that leave them to the database: one call each. They know one caller.
CREATE SCHEMA IF NOT EXISTS peer;
CREATE SCHEMA hidden;
GRANT USAGE ON SCHEMA peer, hidden TO shangliang_write;
CREATE TYPE peer.written AS (id text, status text);

DO $$
BEGIN
    EXECUTE format(
        'CREATE FUNCTION hidden.new_id() RETURNS uuid LANGUAGE sql AS %L',
        CASE WHEN to_regprocedure('uuidv7()') IS NULL THEN 'SELECT gen_random_uuid()' ELSE 'SELECT uuidv7()' END
    );
END
$$;

CREATE FUNCTION hidden.key_of(global_id text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT substr(global_id, strpos(global_id, '_') + 1)::uuid
$$;
CREATE FUNCTION hidden.iso(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
$$;
CREATE FUNCTION hidden.shown(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')
$$;
CREATE FUNCTION hidden.require(held boolean, what text) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF held IS NOT TRUE THEN RAISE EXCEPTION '%', what; END IF;
END
$$;
CREATE FUNCTION hidden.open_platform(wanted text) RETURNS platform LANGUAGE plpgsql STABLE AS $$
DECLARE
    found platform;
BEGIN
    SELECT * INTO found FROM platform WHERE id = hidden.key_of(wanted);
    PERFORM hidden.require(
        (found.closed_on IS NULL OR found.closed_on > (now() AT TIME ZONE 'Asia/Shanghai')::date)
        AND found.division_number >= 140000000000 AND found.division_number < 150000000000, 'no open platform'
    );
    RETURN found;
END
$$;

CREATE FUNCTION hidden.claim(used text, of_verb text, result uuid, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO idempotency_key (subject, key, fingerprint, result, at)
    VALUES (':subject', used, encode(sha256(convert_to(of_verb || used, 'UTF8')), 'hex'), result::text, claim.at)
    ON CONFLICT DO NOTHING;
    PERFORM hidden.require(FOUND, 'another request had this key');
END
$$;

CREATE FUNCTION hidden.salt() RETURNS bytea LANGUAGE sql AS $$
    SELECT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
$$;
CREATE FUNCTION hidden.commitment(salt bytea, words text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(salt || convert_to(words, 'UTF8'))
$$;
CREATE FUNCTION hidden.trace(
    of_topic uuid, of_matter uuid, act text, summary text, at timestamptz,
    subject_kind text, subject_id uuid, evidence jsonb DEFAULT '[]'
) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    head record;
    entry uuid := hidden.new_id();
    actor constant text := ':subject';
    documents text;
    canonical text;
    actor_salt bytea := hidden.salt();
    evidence_salt bytea;
    summary_salt bytea := hidden.salt();
    actor_commitment bytea := hidden.commitment(actor_salt, actor);
    evidence_commitment bytea;
    summary_commitment bytea := hidden.commitment(summary_salt, trace.summary);
BEGIN
    SELECT * INTO head FROM trace_head(of_topic, of_matter, hidden.new_id());
    PERFORM hidden.require(head.id IS NOT NULL, 'nothing to trace');
    IF trace.evidence <> '[]' THEN
        SELECT '[' || string_agg(
            '{"sha256":' || coalesce(to_json(one ->> 'sha256')::text, 'null') || ',"url":'
            || to_json(one ->> 'url')::text || '}', ',') || ']'
        INTO documents FROM jsonb_array_elements(trace.evidence) AS one;
        evidence_salt := hidden.salt();
        evidence_commitment := hidden.commitment(evidence_salt, documents);
    END IF;
    canonical := concat(
        '{"act":"', trace.act, '","actor":"', encode(actor_commitment, 'hex'), '","actor_role":"SECRETARIAT","at":"',
        to_char(trace.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","chain":"',
        CASE WHEN of_topic IS NULL THEN 'matter_' || of_matter ELSE 'topic_' || of_topic END,
        '","evidence":', coalesce('"' || encode(evidence_commitment, 'hex') || '"', 'null'), ',"form":2,"id":"', entry,
        '","previous_hash":"', encode(head.last_hash, 'hex'), '","sequence":', head.last_sequence + 1,
        ',"subject":"', trace.subject_kind, '_', trace.subject_id,
        '","summary":"', encode(summary_commitment, 'hex'), '"}'
    );
    INSERT INTO trace_entry (id, chain_id, sequence, at, act, actor, actor_role, subject_kind, subject_id, summary,
                             evidence, previous_hash, hash, form, actor_salt, actor_commitment, evidence_salt,
                             evidence_commitment, summary_salt, summary_commitment)
    VALUES (entry, head.id, head.last_sequence + 1, trace.at, trace.act, actor, 'SECRETARIAT',
            trace.subject_kind, trace.subject_id, trace.summary, trace.evidence, head.last_hash,
            sha256(convert_to(canonical, 'UTF8')), 2, actor_salt, actor_commitment, evidence_salt,
            evidence_commitment, summary_salt, summary_commitment);
END
$$;

CREATE FUNCTION hidden.announce(about topic, kind text, facts jsonb, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    told_id uuid := hidden.new_id();
BEGIN
    INSERT INTO event (id, type, topic_id, division_number, subject, occurred_at, actor, data)
    VALUES (told_id, kind, about.id, about.division_number, about.number, at, ':subject',
            jsonb_build_object('topic', jsonb_build_object(
                'id', 'topic_' || about.id, 'number', about.number, 'title', about.title, 'status', about.status,
                'scheduled_at', hidden.iso(about.next_session_at))) || facts);
    PERFORM pg_notify('shangliang_feed', '');
    WITH told AS (
        SELECT department_id, role FROM involvement WHERE topic_id = about.id AND until IS NULL
        UNION ALL
        SELECT DISTINCT commitment.department_id, NULL FROM commitment
        WHERE commitment.topic_id = about.id AND commitment.status NOT IN ('DECLINED', 'WITHDRAWN')
          AND NOT EXISTS (
            SELECT FROM involvement AS part
            WHERE part.topic_id = commitment.topic_id AND part.department_id = commitment.department_id
              AND (part.until IS NULL
                   OR part.until >= commitment.assigned_at AND commitment.status IN ('DONE', 'VERIFIED'))
          )
    ), taken AS (
        INSERT INTO lane (department_id, topic_id, last_sequence)
        SELECT department_id, about.id, 1 FROM told ORDER BY department_id
        ON CONFLICT ON CONSTRAINT uq_lane_department_id_topic_id DO UPDATE SET last_sequence = lane.last_sequence + 1
        RETURNING department_id, id, last_sequence
    )
    INSERT INTO delivery (id, event_id, department_id, lane_id, sequence, role, status, attempts, replays)
    SELECT hidden.new_id(), told_id, department_id, taken.id, last_sequence, role, 'PENDING', 0, 0
    FROM taken JOIN told USING (department_id);
    IF FOUND THEN PERFORM pg_notify('shangliang_delivery', ''); END IF;
END
$$;

CREATE FUNCTION peer.raise_matter(
    platform text, title text, description text, category text, nature text, terms text
) RETURNS peer.written LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := clock_timestamp();
    key uuid := hidden.new_id();
    place platform := hidden.open_platform(raise_matter.platform);
BEGIN
    INSERT INTO matter (id, title, description, nature, raised_by, subject, raised_at, platform_id, division_number,
                        category, status, version)
    VALUES (key, raise_matter.title, raise_matter.description, raise_matter.nature, 'CADRE', ':subject', at,
            place.id, place.division_number, raise_matter.category, 'RAISED', 1);
    INSERT INTO search_document (id, kind, division_number, title, text, published, edition, terms)
    VALUES (key, 'MATTER', place.division_number, raise_matter.title, raise_matter.description, false, :edition,
            raise_matter.terms::tsvector);
    PERFORM hidden.trace(NULL, key, 'matter.raised', '反映事项:' || raise_matter.title, at, 'matter', key);
    RETURN ROW('matter_' || key, 'RAISED'::text)::peer.written;
END
$$;

CREATE FUNCTION peer.propose_topic(
    platform text, title text, summary text, kind text, category text, terms text
) RETURNS peer.written LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := clock_timestamp();
    this_year integer := extract(year FROM clock_timestamp() AT TIME ZONE 'Asia/Shanghai');
    place platform := hidden.open_platform(propose_topic.platform);
    county text := left(lpad(place.division_number::text, 12, '0'), 6);
    taken integer;
    made topic;
BEGIN
    INSERT INTO topic_number (county_code, year, last) VALUES (county, this_year, 1)
    ON CONFLICT ON CONSTRAINT pk_topic_number DO UPDATE SET last = topic_number.last + 1
    RETURNING topic_number.last INTO taken;
    INSERT INTO topic (id, number, title, summary, kind, category, status, version, platform_id, division_number,
                       proposed_at, subject)
    VALUES (hidden.new_id(), format('T%s-%s-%s', county, this_year, lpad(taken::text, 4, '0')),
            propose_topic.title, propose_topic.summary, propose_topic.kind, propose_topic.category, 'PROPOSED', 1,
            place.id, place.division_number, at, ':subject')
    RETURNING * INTO made;
    INSERT INTO search_document (id, kind, division_number, title, text, published, edition, terms)
    VALUES (made.id, 'TOPIC', made.division_number, made.title, made.summary, false, :edition, propose_topic.terms::tsvector);
    PERFORM hidden.announce(made, 'topic.proposed', jsonb_build_object('proposed_at', hidden.iso(at)), at);
    PERFORM hidden.trace(made.id, NULL, 'topic.proposed', '提出议题:' || made.title, at, 'topic', made.id);
    RETURN ROW('topic_' || made.id, 'PROPOSED'::text)::peer.written;
END
$$;

CREATE FUNCTION hidden.locked(key uuid, state text) RETURNS topic LANGUAGE plpgsql AS $$
DECLARE
    found topic;
BEGIN
    SELECT * INTO found FROM topic WHERE id = key FOR UPDATE;
    PERFORM hidden.require(
        found.division_number >= 140000000000 AND found.division_number < 150000000000 AND found.status = state,
        'not there, or in another state'
    );
    RETURN found;
END
$$;

CREATE FUNCTION peer.list_topic(topic text) RETURNS peer.written LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := clock_timestamp();
    made topic := hidden.locked(hidden.key_of(list_topic.topic), 'PROPOSED');
BEGIN
    UPDATE topic SET status = 'LISTED', version = version + 1, listed_at = at WHERE id = made.id RETURNING * INTO made;
    PERFORM hidden.announce(made, 'topic.listed', jsonb_build_object('listed_at', hidden.iso(at)), at);
    PERFORM hidden.trace(made.id, NULL, 'topic.listed', '议题立项', at, 'topic', made.id);
    RETURN ROW('topic_' || made.id, 'LISTED'::text)::peer.written;
END
$$;

-- A topic's session was put into the calendar or held.
CREATE FUNCTION hidden.settle(of_topic uuid, state text) RETURNS topic LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    next_at timestamptz;
    last_at timestamptz;
    made topic;
BEGIN
    SELECT min(session.scheduled_at) FILTER (WHERE session.status = 'SCHEDULED'),
        (array_agg(session.scheduled_at ORDER BY session.held_at DESC, session.scheduled_at DESC)
            FILTER (WHERE session.held_at IS NOT NULL))[1]
    INTO next_at, last_at
    FROM session_topic JOIN session ON session.id = session_topic.session_id WHERE session_topic.topic_id = of_topic;
    UPDATE topic
    SET status = state, version = version + 1, next_session_at = next_at, scheduled_at = coalesce(next_at, last_at)
    WHERE id = of_topic RETURNING * INTO made;
    RETURN made;
END
$$;

CREATE FUNCTION peer.schedule_session(
    platform text, topics text[], scheduled_at timestamptz, venue text, idempotency_key text
) RETURNS peer.written LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := clock_timestamp();
    key uuid := hidden.new_id();
    keys uuid[] := ARRAY(SELECT hidden.key_of(one) FROM unnest(schedule_session.topics) AS one);
    place platform := hidden.open_platform(schedule_session.platform);
    facts jsonb := jsonb_build_object(
        'session_id', 'session_' || key, 'session_at', hidden.iso(schedule_session.scheduled_at),
        'venue', schedule_session.venue, 'form', 'ON_SITE'
    );
    told text := '安排议事会:' || hidden.shown(schedule_session.scheduled_at) || ',' || schedule_session.venue;
    made topic;
BEGIN
    PERFORM hidden.require((schedule_session.scheduled_at AT TIME ZONE 'Asia/Shanghai')::date
        >= (at AT TIME ZONE 'Asia/Shanghai')::date, 'the day is past');
    PERFORM hidden.claim(schedule_session.idempotency_key, 'schedule', key, at);
    PERFORM id FROM topic WHERE id = ANY(keys) ORDER BY id FOR UPDATE;
    INSERT INTO session (id, platform_id, division_number, status, scheduled_at, venue, form, headcount_is_lower_bound)
    VALUES (key, place.id, place.division_number, 'SCHEDULED', schedule_session.scheduled_at, schedule_session.venue,
            'ON_SITE', false);
    INSERT INTO session_topic (session_id, topic_id, position)
    SELECT key, one.id, position FROM unnest(keys) WITH ORDINALITY AS one(id, position);
    FOR made IN SELECT * FROM topic WHERE id = ANY(keys) ORDER BY id LOOP
        PERFORM hidden.require(
            made.division_number >= 140000000000 AND made.division_number < 150000000000
            AND made.status IN ('LISTED', 'SCHEDULED', 'DELIBERATED'), 'not there, or in another state'
        );
        made := hidden.settle(made.id, CASE made.status WHEN 'DELIBERATED' THEN 'DELIBERATED' ELSE 'SCHEDULED' END);
        PERFORM hidden.announce(made, 'topic.scheduled', facts, at);
        PERFORM hidden.trace(made.id, NULL, 'topic.scheduled', told, at, 'session', key);
    END LOOP;
    RETURN ROW('session_' || key, 'SCHEDULED'::text)::peer.written;
END
$$;

CREATE FUNCTION peer.record_session(
    session text, held_at timestamptz, minutes text, attendances jsonb, idempotency_key text
) RETURNS peer.written LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := clock_timestamp();
    key uuid := hidden.key_of(record_session.session);
    agenda uuid[] := ARRAY(SELECT topic_id FROM session_topic WHERE session_id = key ORDER BY topic_id);
    came integer := jsonb_array_length(record_session.attendances);
    facts jsonb;
    held session;
    made topic;
BEGIN
    PERFORM hidden.require(record_session.held_at <= at, 'the day is still to come');
    PERFORM hidden.claim(record_session.idempotency_key, 'record', key, at);
    PERFORM id FROM topic WHERE id = ANY(agenda) ORDER BY id FOR UPDATE;
    SELECT * INTO held FROM session WHERE id = key FOR UPDATE;
    PERFORM hidden.require(
        held.division_number >= 140000000000 AND held.division_number < 150000000000 AND held.status = 'SCHEDULED',
        'not there, or in another state'
    );
    UPDATE session SET status = 'HELD', held_at = record_session.held_at, minutes = record_session.minutes,
        headcount = came WHERE id = key;
    INSERT INTO attendance (id, session_id, position, name, role, department_id)
    SELECT hidden.new_id(), key, position, one ->> 'name', one ->> 'role', department.id
    FROM jsonb_array_elements(record_session.attendances) WITH ORDINALITY AS given(one, position)
    LEFT JOIN department ON department.code = one ->> 'department';
    facts := jsonb_build_object(
        'session_id', 'session_' || key, 'session_at', hidden.iso(held.scheduled_at), 'venue', held.venue,
        'held_at', hidden.iso(record_session.held_at), 'headcount', came
    );
    FOR made IN SELECT * FROM topic WHERE id = ANY(agenda) ORDER BY id LOOP
        PERFORM hidden.require(made.status IN ('SCHEDULED', 'DELIBERATED', 'IMPLEMENTING')
            AND made.proposed_at <= record_session.held_at, 'in another state');
        made := hidden.settle(
            made.id, CASE made.status WHEN 'IMPLEMENTING' THEN 'IMPLEMENTING' ELSE 'DELIBERATED' END
        );
        PERFORM hidden.announce(made, 'session.held', facts, at);
        PERFORM hidden.trace(
            made.id, NULL, 'session.held',
            '召开议事会:' || hidden.shown(record_session.held_at) || ',' || held.venue, at, 'session', key
        );
    END LOOP;
    RETURN ROW('session_' || key, 'HELD'::text)::peer.written;
END
$$;

CREATE FUNCTION peer.resolve_topic(
    topic text, summary text, evidence jsonb, idempotency_key text
) RETURNS peer.written LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := clock_timestamp();
    key uuid := hidden.key_of(resolve_topic.topic);
    documents jsonb;
    made topic;
BEGIN
    PERFORM hidden.claim(resolve_topic.idempotency_key, 'resolve', key, at);
    made := hidden.locked(key, 'IMPLEMENTING');
    PERFORM hidden.require(jsonb_array_length(resolve_topic.evidence) > 0 AND NOT EXISTS (
        SELECT FROM commitment WHERE topic_id = key AND status NOT IN ('DONE', 'VERIFIED', 'WITHDRAWN')
    ), 'commitments are open');
    UPDATE topic SET status = 'RESOLVED', version = version + 1, resolved_at = at, resolution = resolve_topic.summary
    WHERE id = key RETURNING * INTO made;
    INSERT INTO evidence (id, topic_id, at, url, sha256, note)
    SELECT hidden.new_id(), key, at, one ->> 'url', one ->> 'sha256', one ->> 'note'
    FROM jsonb_array_elements(resolve_topic.evidence) AS one;
    SELECT jsonb_agg(jsonb_build_object('url', one -> 'url', 'sha256', one -> 'sha256')) INTO documents
    FROM jsonb_array_elements(resolve_topic.evidence) AS one;
    PERFORM hidden.announce(
        made, 'topic.resolved',
        jsonb_build_object('resolved_at', hidden.iso(at), 'summary', resolve_topic.summary), at
    );
    PERFORM hidden.trace(key, NULL, 'topic.resolved', '议题办结', at, 'topic', key, documents);
    RETURN ROW('topic_' || key, 'RESOLVED'::text)::peer.written;
END
$$;
