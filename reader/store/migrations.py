"""The schema of a library: what each version added to the one before. Those that were released never change."""

MIGRATIONS = (
    """
    CREATE TABLE feeds (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        site TEXT,
        folder TEXT,
        added INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE checks (
        feed_id INTEGER PRIMARY KEY REFERENCES feeds ON DELETE CASCADE,
        etag TEXT,
        modified TEXT,
        body_hash TEXT,
        checked_at INTEGER,
        next_at INTEGER,
        failures INTEGER NOT NULL DEFAULT 0,
        error TEXT
    ) STRICT;

    CREATE TABLE entries (
        id INTEGER PRIMARY KEY,
        feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
        guid TEXT NOT NULL,
        url TEXT,
        title TEXT NOT NULL,
        author TEXT,
        published INTEGER,
        added INTEGER NOT NULL,
        sorted INTEGER NOT NULL,
        UNIQUE (feed_id, guid)
    ) STRICT;
    CREATE INDEX entries_by_time ON entries (sorted DESC, id DESC);
    CREATE INDEX entries_by_feed ON entries (feed_id, sorted DESC, id DESC);

    -- What the person did to an entry; no refresh touches it.
    CREATE TABLE states (
        entry_id INTEGER PRIMARY KEY REFERENCES entries ON DELETE CASCADE,
        read INTEGER NOT NULL DEFAULT 0,
        changed_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE articles (
        entry_id INTEGER PRIMARY KEY REFERENCES entries ON DELETE CASCADE,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        extractor TEXT NOT NULL,
        rest TEXT NOT NULL -- the article but for its text, as JSON
    ) STRICT;

    CREATE TABLE analyses (
        entry_id INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
        model TEXT NOT NULL,
        body TEXT NOT NULL -- the analysis of that very text, as JSON
    ) STRICT;
    -- Spans of one text mean nothing in another.
    CREATE TRIGGER analyses_follow_text AFTER UPDATE OF text ON articles WHEN old.text IS NOT new.text BEGIN
        DELETE FROM analyses WHERE entry_id = new.entry_id;
    END;

    CREATE VIRTUAL TABLE search USING fts5 (
        title, text, content = articles, content_rowid = entry_id, tokenize = "unicode61 remove_diacritics 2"
    );
    CREATE TRIGGER search_add AFTER INSERT ON articles BEGIN
        INSERT INTO search (rowid, title, text) VALUES (new.entry_id, new.title, new.text);
    END;
    CREATE TRIGGER search_remove AFTER DELETE ON articles BEGIN
        INSERT INTO search (search, rowid, title, text) VALUES ('delete', old.entry_id, old.title, old.text);
    END;
    CREATE TRIGGER search_change AFTER UPDATE OF title, text ON articles BEGIN
        INSERT INTO search (search, rowid, title, text) VALUES ('delete', old.entry_id, old.title, old.text);
        INSERT INTO search (rowid, title, text) VALUES (new.entry_id, new.title, new.text);
    END;

    CREATE TABLE stories (
        entry_id INTEGER PRIMARY KEY REFERENCES entries ON DELETE CASCADE,
        story INTEGER NOT NULL -- the id of its first entry
    ) STRICT;
    CREATE INDEX stories_by_story ON stories (story);

    CREATE TABLE related (
        entry_id INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
        other_id INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
        score REAL NOT NULL,
        why TEXT NOT NULL,
        PRIMARY KEY (entry_id, other_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX related_by_other ON related (other_id);

    -- What the person saved: complete in itself, and kept whatever becomes of the entry.
    CREATE TABLE highlights (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        entry_id INTEGER REFERENCES entries ON DELETE SET NULL,
        exact TEXT NOT NULL,
        prefix TEXT NOT NULL,
        suffix TEXT NOT NULL,
        start INTEGER NOT NULL,
        speaker TEXT,
        source TEXT,
        via TEXT NOT NULL,
        outlet TEXT NOT NULL,
        title TEXT NOT NULL,
        url TEXT,
        published INTEGER,
        created INTEGER NOT NULL,
        text_hash TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        tags TEXT NOT NULL DEFAULT '[]',
        removed INTEGER -- when its owner removed it, so that it can be undone
    ) STRICT;
    CREATE INDEX highlights_by_entry ON highlights (entry_id);
    """,
    """
    -- What is kept of the latest articles to compare new ones with, in their order of arrival without a gap: a row
    -- stays when its entry goes, and is dropped when thousands of others have come.
    CREATE TABLE sketches (
        number INTEGER PRIMARY KEY,
        entry_id INTEGER UNIQUE REFERENCES entries ON DELETE SET NULL,
        story INTEGER NOT NULL,
        sketch BLOB NOT NULL
    ) STRICT;

    -- Where the person wants an entry, whatever the machine found; no refresh touches it.
    CREATE TABLE story_choices (
        entry_id INTEGER PRIMARY KEY REFERENCES entries ON DELETE CASCADE,
        story INTEGER NOT NULL,
        chosen INTEGER NOT NULL
    ) STRICT;

    -- Which story an entry belongs to: the person's choice before the machine's. What joined an entry that the person
    -- had taken out of its story stays with that entry wherever it goes.
    CREATE VIEW told AS
        SELECT stories.entry_id, coalesce(own.story, named.story, first.story, stories.story) AS story
        FROM stories
        LEFT JOIN story_choices AS own ON own.entry_id = stories.entry_id
        LEFT JOIN story_choices AS named ON named.entry_id = stories.story
        LEFT JOIN stories AS first ON first.entry_id = stories.story;

    -- A story's ledger, with what it was made of: other articles or another text make it anew.
    CREATE TABLE ledgers (
        story INTEGER PRIMARY KEY,
        made_of TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT;

    -- A hash of what the feed last said of an entry, NULL before that was kept.
    ALTER TABLE entries ADD COLUMN carried TEXT;

    -- The texts an article had before its present one.
    CREATE TABLE revisions (
        id INTEGER PRIMARY KEY,
        entry_id INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
        title TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX revisions_by_entry ON revisions (entry_id);
    -- The place of a teaser taken by its page is no edit, nor that of a feed's text.
    CREATE TRIGGER revisions_keep_text AFTER UPDATE OF text ON articles
        WHEN old.text IS NOT new.text AND old.extractor <> 'teaser'
        AND (old.extractor = 'feed') = (new.extractor = 'feed') BEGIN
        INSERT INTO revisions (entry_id, title, text) VALUES (old.entry_id, old.title, old.text);
        -- A feed whose items are another each time would fill the disk.
        DELETE FROM revisions WHERE entry_id = old.entry_id AND id <= (
            SELECT id FROM revisions WHERE entry_id = old.entry_id ORDER BY id DESC LIMIT 1 OFFSET 10
        );
    END;

    -- Whom each article cites by name, taken from its analysis: what a speaker said over all articles is asked here.
    CREATE TABLE speakers (
        entry_id INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        claims INTEGER NOT NULL,
        PRIMARY KEY (entry_id, name, kind)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX speakers_by_name ON speakers (name);
    CREATE TRIGGER speakers_follow_analyses AFTER DELETE ON analyses BEGIN
        DELETE FROM speakers WHERE entry_id = old.entry_id;
    END;
    -- Claims are found anew when an article is next opened, and with them whom it cites.
    DELETE FROM analyses;

    -- Articles are sorted anew, by other means than before.
    DELETE FROM related;
    DELETE FROM stories;
    """,
    """
    -- What the person set for a feed, as JSON; when they removed it, as long as something saved from it is kept.
    ALTER TABLE feeds ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE feeds ADD COLUMN removed INTEGER;

    -- The address that the validators belong to, the one that permanent redirects lead to and how often in a row they
    -- did, and whether the server said that the feed is gone.
    ALTER TABLE checks ADD COLUMN validators_of TEXT;
    ALTER TABLE checks ADD COLUMN moved_to TEXT;
    ALTER TABLE checks ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE checks ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
    -- How often the feed asks to be asked; hours and days to be left out are bits.
    ALTER TABLE checks ADD COLUMN ttl INTEGER;
    ALTER TABLE checks ADD COLUMN skip_hours INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE checks ADD COLUMN skip_days INTEGER NOT NULL DEFAULT 0;

    -- Until when a server asked not to be asked.
    CREATE TABLE hosts (
        host TEXT PRIMARY KEY,
        until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Lists of feeds that are followed as they change.
    CREATE TABLE lists (
        url TEXT PRIMARY KEY,
        folder TEXT,
        etag TEXT,
        modified TEXT,
        validators_of TEXT,
        body_hash TEXT,
        next_at INTEGER,
        failures INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        named TEXT NOT NULL DEFAULT '[]' -- the addresses that it has named, as JSON
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE states ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE states ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX states_muted ON states (entry_id) WHERE muted;
    DROP INDEX entries_by_time;
    CREATE INDEX entries_by_time ON entries (sorted DESC, id DESC, feed_id);
    CREATE TABLE tags (
        entry_id INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
        tag TEXT NOT NULL,
        PRIMARY KEY (entry_id, tag)
    ) STRICT, WITHOUT ROWID;

    -- Queries that the person keeps: smart feeds, and with actions rules for what comes in.
    CREATE TABLE queries (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        query TEXT NOT NULL,
        actions TEXT NOT NULL DEFAULT '[]',
        position INTEGER NOT NULL
    ) STRICT;

    -- Entries that were let go while their feeds may still carry them: they don't come again.
    CREATE TABLE forgotten (
        feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
        guid TEXT NOT NULL,
        PRIMARY KEY (feed_id, guid)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE enclosures (
        entry_id INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
        url TEXT NOT NULL,
        type TEXT,
        length INTEGER,
        duration INTEGER,
        PRIMARY KEY (entry_id, url)
    ) STRICT, WITHOUT ROWID;

    -- The claims of an analysis, one by one, to be searched; those of earlier analyses come when they are next opened.
    CREATE TABLE claims (
        id INTEGER PRIMARY KEY,
        entry_id INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
        number INTEGER NOT NULL, -- its place in the analysis
        speaker TEXT NOT NULL,
        named INTEGER NOT NULL,
        quotation TEXT NOT NULL,
        denied INTEGER NOT NULL,
        figures INTEGER NOT NULL, -- how many
        content TEXT NOT NULL
    ) STRICT;
    CREATE INDEX claims_by_entry ON claims (entry_id);
    CREATE TRIGGER claims_follow_analyses AFTER DELETE ON analyses BEGIN
        DELETE FROM claims WHERE entry_id = old.entry_id;
    END;
    CREATE VIRTUAL TABLE claim_search USING fts5 (
        content, speaker, content = claims, content_rowid = id, tokenize = "unicode61 remove_diacritics 2"
    );
    CREATE TRIGGER claim_search_add AFTER INSERT ON claims BEGIN
        INSERT INTO claim_search (rowid, content, speaker) VALUES (new.id, new.content, new.speaker);
    END;
    CREATE TRIGGER claim_search_remove AFTER DELETE ON claims BEGIN
        INSERT INTO claim_search (claim_search, rowid, content, speaker)
        VALUES ('delete', old.id, old.content, old.speaker);
    END;
    DELETE FROM analyses;

    -- Texts are kept compressed; the index finds them through a view, and has the longer column first, whose
    -- positions it writes in fewer bytes.
    DROP TABLE search;
    CREATE TABLE packed (
        entry_id INTEGER PRIMARY KEY REFERENCES entries ON DELETE CASCADE,
        title TEXT NOT NULL,
        text BLOB NOT NULL, -- see packed.py
        extractor TEXT NOT NULL,
        rest BLOB NOT NULL -- the article but for its text, as JSON
    ) STRICT;
    INSERT INTO packed SELECT entry_id, title, zipped(text), extractor, zipped(rest) FROM articles;
    DROP TABLE articles;
    ALTER TABLE packed RENAME TO articles;
    CREATE VIEW texts AS SELECT entry_id, unzipped(text) AS text, title FROM articles;
    CREATE VIRTUAL TABLE search USING fts5 (
        text, title, content = texts, content_rowid = entry_id, tokenize = "unicode61 remove_diacritics 2"
    );
    -- What comes in at once is indexed at once, by fewer merges. Articles are added to it where they are added.
    INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);
    INSERT INTO search (search) VALUES ('rebuild');
    CREATE TRIGGER search_remove AFTER DELETE ON articles BEGIN
        INSERT INTO search (search, rowid, text, title)
        VALUES ('delete', old.entry_id, unzipped(old.text), old.title);
    END;
    CREATE TRIGGER search_change AFTER UPDATE OF title, text ON articles
        WHEN old.title IS NOT new.title OR unzipped(old.text) IS NOT unzipped(new.text) BEGIN
        INSERT INTO search (search, rowid, text, title)
        VALUES ('delete', old.entry_id, unzipped(old.text), old.title);
        INSERT INTO search (rowid, text, title) VALUES (new.entry_id, unzipped(new.text), new.title);
    END;
    CREATE TRIGGER analyses_follow_text AFTER UPDATE OF text ON articles
        WHEN unzipped(old.text) IS NOT unzipped(new.text) BEGIN
        DELETE FROM analyses WHERE entry_id = new.entry_id;
    END;
    -- The place of a teaser taken by its page is no edit, nor that of a feed's text; that of a headline is one, which
    -- leaves no text.
    CREATE TRIGGER revisions_keep_text AFTER UPDATE OF title, text ON articles
        WHEN old.title IS NOT new.title OR unzipped(old.text) IS NOT unzipped(new.text) BEGIN
        INSERT INTO revisions (entry_id, title, text)
        SELECT old.entry_id, old.title, CASE
            WHEN old.extractor <> 'teaser' AND (old.extractor = 'feed') = (new.extractor = 'feed')
            AND unzipped(old.text) IS NOT unzipped(new.text) THEN unzipped(old.text) ELSE ''
        END AS kept WHERE kept <> '' OR old.title IS NOT new.title;
        -- A feed whose items are another each time would fill the disk.
        DELETE FROM revisions WHERE entry_id = old.entry_id AND id <= (
            SELECT id FROM revisions WHERE entry_id = old.entry_id ORDER BY id DESC LIMIT 1 OFFSET 10
        );
    END;

    -- How many figures of a story's ledger can't both be true.
    ALTER TABLE ledgers ADD COLUMN conflicts INTEGER NOT NULL DEFAULT 0;
    DELETE FROM ledgers;
    """,
    """
    -- When an article's present text was fetched; NULL before that was kept.
    ALTER TABLE articles ADD COLUMN retrieved INTEGER;

    -- By what a highlight is known in every library, what it is of, and what its owner made of it.
    ALTER TABLE highlights ADD COLUMN uid TEXT NOT NULL DEFAULT '';
    ALTER TABLE highlights ADD COLUMN kind TEXT NOT NULL DEFAULT 'words';
    ALTER TABLE highlights ADD COLUMN author TEXT;
    ALTER TABLE highlights ADD COLUMN zone INTEGER; -- of `published`, in seconds east of Greenwich; NULL: not known
    ALTER TABLE highlights ADD COLUMN retrieved INTEGER;
    ALTER TABLE highlights ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE highlights ADD COLUMN color TEXT;
    -- When anything was last done to it in this library, also when it was brought in, removed or brought back.
    ALTER TABLE highlights ADD COLUMN touched INTEGER NOT NULL DEFAULT 0;
    UPDATE highlights SET
        uid = substr(r, 1, 8) || '-' || substr(r, 9, 4) || '-4' || substr(r, 14, 3) || '-a' || substr(r, 18, 3) || '-'
            || substr(r, 21, 12),
        kind = CASE WHEN source IS NULL THEN 'words' ELSE 'claim' END,
        changed = created,
        touched = max(created, coalesce(removed, 0))
        FROM (SELECT id AS which, lower(hex(randomblob(16))) AS r FROM highlights) WHERE which = highlights.id;
    CREATE UNIQUE INDEX highlights_by_uid ON highlights (uid);
    CREATE INDEX highlights_by_url ON highlights (url) WHERE url IS NOT NULL;

    -- What was saved from an article that is gone, or in another library, is that article's again when it comes.
    CREATE TRIGGER highlights_find_entries AFTER INSERT ON entries WHEN new.url IS NOT NULL BEGIN
        UPDATE highlights SET entry_id = new.id WHERE entry_id IS NULL AND url = new.url;
    END;
    CREATE TRIGGER highlights_follow_addresses AFTER UPDATE OF url ON entries WHEN new.url IS NOT old.url BEGIN
        UPDATE highlights SET entry_id = new.id WHERE entry_id IS NULL AND url = new.url;
    END;
    CREATE TRIGGER highlights_find_others AFTER DELETE ON entries WHEN old.url IS NOT NULL BEGIN
        UPDATE highlights SET entry_id = (SELECT min(id) FROM entries WHERE entries.url = old.url)
        WHERE entry_id IS NULL AND url = old.url;
    END;
    UPDATE highlights SET entry_id = found.id
        FROM (
            SELECT url, min(id) AS id FROM entries
            WHERE url IN (SELECT url FROM highlights WHERE entry_id IS NULL) GROUP BY url
        ) AS found
        WHERE entry_id IS NULL AND found.url = highlights.url;

    CREATE VIRTUAL TABLE saved_search USING fts5 (
        exact, title, speaker, note, outlet, content = highlights, content_rowid = id,
        tokenize = "unicode61 remove_diacritics 2"
    );
    INSERT INTO saved_search (saved_search) VALUES ('rebuild');
    CREATE TRIGGER saved_search_add AFTER INSERT ON highlights BEGIN
        INSERT INTO saved_search (rowid, exact, title, speaker, note, outlet)
        VALUES (new.id, new.exact, new.title, new.speaker, new.note, new.outlet);
    END;
    CREATE TRIGGER saved_search_remove AFTER DELETE ON highlights BEGIN
        INSERT INTO saved_search (saved_search, rowid, exact, title, speaker, note, outlet)
        VALUES ('delete', old.id, old.exact, old.title, old.speaker, old.note, old.outlet);
    END;
    CREATE TRIGGER saved_search_change AFTER UPDATE OF exact, title, speaker, note, outlet ON highlights BEGIN
        INSERT INTO saved_search (saved_search, rowid, exact, title, speaker, note, outlet)
        VALUES ('delete', old.id, old.exact, old.title, old.speaker, old.note, old.outlet);
        INSERT INTO saved_search (rowid, exact, title, speaker, note, outlet)
        VALUES (new.id, new.exact, new.title, new.speaker, new.note, new.outlet);
    END;
    """,
)
