use super::{lite, pg};

const SHOP: &str = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE users (id serial PRIMARY KEY, email varchar(50) UNIQUE, m mood);
    CREATE TABLE posts (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users (id)); CREATE INDEX ix_posts ON posts (user_id)";

#[test]
fn postgresql_tells_what_there_is() {
    pg(SHOP, "SELECT 1 FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'users'", "1");
    pg(
        SHOP,
        "SELECT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'nope')",
        "false",
    );
    pg(
        SHOP,
        "SELECT column_name, data_type, is_nullable, character_maximum_length FROM information_schema.columns WHERE table_name = 'users' ORDER BY ordinal_position",
        "'id'|'integer'|'NO'|NULL\n'email'|'character varying'|'YES'|50\n'm'|'USER-DEFINED'|'YES'|NULL",
    );
    pg(
        SHOP,
        "SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = 'posts' AND constraint_type = 'FOREIGN KEY'",
        "'posts_user_id_fkey'",
    );
    pg(
        SHOP,
        "SELECT e.enumlabel FROM pg_enum e JOIN pg_type t ON e.enumtypid = t.oid WHERE t.typname = 'mood' ORDER BY e.enumsortorder",
        "'sad'\n'ok'",
    );
    pg(SHOP, "SELECT 1 FROM pg_type WHERE typname = 'mood'", "1");
    pg(SHOP, "SELECT indexname FROM pg_indexes WHERE tablename = 'posts' ORDER BY 1", "'ix_posts'\n'posts_pkey'");
    pg(
        SHOP,
        "SELECT conname FROM pg_constraint WHERE conrelid = 'posts'::regclass AND contype = 'f'",
        "'posts_user_id_fkey'",
    );
    pg(SHOP, "SELECT to_regclass('public.users') IS NOT NULL, to_regclass('nope')", "true|NULL");
    pg(SHOP, "SELECT 1 FROM pg_stat_activity", "? the system table pg_stat_activity is not simulated");
    pg(SHOP, "SELECT version()", "? the function version is not supported");
}

#[test]
fn sqlite_tells_what_there_is() {
    lite(SHOP_LITE, "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'users'", "'users'");
    lite(SHOP_LITE, "SELECT sql FROM sqlite_master", "? sql of a system table is not simulated");
    lite(SHOP_LITE, "PRAGMA table_info('users')", "0|'id'|'INTEGER'|0|NULL|1\n1|'email'|'VARCHAR(50)'|1|NULL|0");
}

const SHOP_LITE: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(50) NOT NULL)";
