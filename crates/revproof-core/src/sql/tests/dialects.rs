use super::{LITE, MY, check};

#[test]
fn sqlite_is_read() {
    check(
        LITE,
        r#"CREATE TABLE "Users" (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, a VARCHAR(10) COLLATE NOCASE, b, c UNSIGNED BIG INT, d "datetime", [e f] BLOB DEFAULT (x'00'), UNIQUE (a) ON CONFLICT IGNORE) WITHOUT ROWID"#,
        r#"CreateTable { table: TableSpec { name: Users, columns: [ColumnSpec { name: "id", ty: Builtin("INTEGER"), serial: true, [PrimaryKey { } }] }, ColumnSpec { name: "a", ty: VarChar((10)), nullable: true, collation: ("NOCASE") }, ColumnSpec { name: "b", nullable: true }, ColumnSpec { name: "c", ty: Named(UNSIGNED BIG INT, []), nullable: true }, ColumnSpec { name: "d", ty: DateTime(None), nullable: true }, ColumnSpec { name: "e f", ty: Blob(Plain), nullable: true, default: (Sql("(x'00')")) }], [Unique { columns: ["a"] } }] } }"#,
    );
    check(
        LITE,
        "CREATE TABLE main.t (a REAL NOT NULL DEFAULT -1.5, b BOOLEAN CHECK (b IN (0, 1)), c AS (a * 2), FOREIGN KEY(a) REFERENCES u)",
        r#"CreateTable { table: TableSpec { name: t, columns: [ColumnSpec { name: "a", ty: Real, default: (Sql("-1.5")) }, ColumnSpec { name: "b", ty: Boolean, nullable: true, [Check { condition: "b IN (0, 1)" } }] }, ColumnSpec { name: "c", nullable: true, computed: (Computed { expression: "a * 2" }) }], [ForeignKey { columns: ["a"], ref_table: u } }] } }"#,
    );
    check(LITE, "ALTER TABLE t RENAME COLUMN a TO b", r#"AlterColumn { table: t, column: "a", [Rename("b")] }"#);
    check(
        LITE,
        "ALTER TABLE t ADD COLUMN a TEXT",
        r#"AddColumn { table: t, column: ColumnSpec { name: "a", ty: Text(Plain), nullable: true } }"#,
    );
    check(LITE, "ALTER TABLE t DROP COLUMN a", r#"DropColumn { table: t, column: "a" }"#);
    check(
        LITE,
        "CREATE UNIQUE INDEX IF NOT EXISTS aux.ix ON t (a COLLATE NOCASE DESC, lower(b)) WHERE a IS NOT NULL",
        r#"CreateIndex { index: IndexSpec { name: ("ix"), table: QName { schema: ("aux"), name: "t" }, parts: [Column("a", ("COLLATE NOCASE DESC")), Expression("lower(b)", None)], unique: true, predicate: ("a IS NOT NULL") }, if_not_exists: true }"#,
    );
    check(
        LITE,
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET a = CASE WHEN a THEN 1 ELSE 2 END; DELETE FROM u; END; DROP TABLE x",
        r#"CreateObject { kind: Trigger, name: tr, definition: "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET a = CASE WHEN a THEN 1 ELSE 2 END; DELETE FROM u; END", depends_on: [t] }
DropTable { table: x }"#,
    );
    check(LITE, "DROP TRIGGER IF EXISTS tr", "DropObject { kind: Trigger, name: tr, if_exists: true }");
    check(LITE, "PRAGMA foreign_keys=OFF", r#"NoEffect { what: "PRAGMA" }"#);
    check(LITE, "PRAGMA table_info('t')", "data PRAGMA table_info('t')");
    check(
        LITE,
        "CREATE VIRTUAL TABLE f USING fts5(a, b)",
        r#"Opaque { what: "CREATE VIRTUAL TABLE", why: "such a table is not simulated", touches: [f] }"#,
    );
    check(LITE, "DROP INDEX ix", "DropIndex { index: ix }");
    check(LITE, "INSERT OR IGNORE INTO t VALUES (:a, ?)", "data INSERT OR IGNORE INTO t VALUES (:a, ?)");
    check(
        LITE,
        "CREATE TABLE t (id TEXT DEFAULT CURRENT_TIMESTAMP, at TIMESTAMP DEFAULT (datetime('now')), n NUMERIC(10, 2), j JSON)",
        r#"CreateTable { table: TableSpec { name: t, columns: [ColumnSpec { name: "id", ty: Text(Plain), nullable: true, default: (Sql("CURRENT_TIMESTAMP")) }, ColumnSpec { name: "at", ty: Timestamp { }, nullable: true, default: (Sql("(datetime('now'))")) }, ColumnSpec { name: "n", ty: Numeric((10), (2)), nullable: true }, ColumnSpec { name: "j", ty: Json, nullable: true }] } }"#,
    );
}

#[test]
fn mysql_is_read() {
    check(
        MY,
        r#"CREATE TABLE `Users` (`id` INT(11) UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'the ''id''', `k` ENUM('a','b') CHARACTER SET utf8mb4 DEFAULT "a", `s` SET('x','y'), `at` DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), t TINYINT(1), PRIMARY KEY (`id`), UNIQUE KEY `uk` (`k`(10)), KEY `ix` (`s`, `at` DESC), FULLTEXT KEY ft (t), CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `u` (`id`) ON DELETE SET NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='users'"#,
        r#"CreateTable { table: TableSpec { name: Users, columns: [ColumnSpec { name: "id", ty: Unsigned(Integer), serial: true, comment: ("the 'id'") }, ColumnSpec { name: "k", ty: InlineEnum(["a", "b"]), nullable: true, default: (Sql("'a'")) }, ColumnSpec { name: "s", ty: Set(["x", "y"]), nullable: true }, ColumnSpec { name: "at", ty: DateTime((6)), nullable: true, default: (Sql("CURRENT_TIMESTAMP(6)")) }, ColumnSpec { name: "t", ty: Boolean, nullable: true }], [PrimaryKey { columns: ["id"] } }, ConstraintSpec { name: ("uk"), kind: Unique { columns: ["k"] } }], comment: ("users") } }; CreateIndex { index: IndexSpec { name: ("ix"), table: Users, parts: [Column("s", None), Column("at", ("DESC"))] } }; CreateIndex { index: IndexSpec { name: ("ft"), table: Users, parts: [Column("t", None)], using: ("fulltext") } }; AddConstraint { table: Users, constraint: ConstraintSpec { name: ("fk"), kind: ForeignKey { columns: ["id"], ref_table: u, ref_columns: ["id"], on_delete: SetNull } } }"#,
    );
    check(
        MY,
        "ALTER TABLE t MODIFY COLUMN a BIGINT NOT NULL, CHANGE b c VARCHAR(20) NULL DEFAULT 'x' AFTER a, ADD INDEX ix (a), ADD UNIQUE uk (b), DROP INDEX iy, DROP FOREIGN KEY fk, DROP PRIMARY KEY, RENAME INDEX p TO q",
        r#"AlterColumn { table: t, column: "a", [Type { ty: BigInt }, Nullable(false), Default(None), Autoincrement(false), Comment(None)] }; AlterColumn { table: t, column: "b", [Type { ty: VarChar((20)) }, Nullable(true), Default((Sql("'x'"))), Autoincrement(false), Comment(None), Rename("c")] }; CreateIndex { index: IndexSpec { name: ("ix"), table: t, parts: [Column("a", None)] } }; AddConstraint { table: t, constraint: ConstraintSpec { name: ("uk"), kind: Unique { columns: ["b"] } } }; DropIndex { index: iy, table: (t) }; DropConstraint { table: t, name: ("fk"), kind: (ForeignKey) }; DropConstraint { table: t, name: ("PRIMARY"), kind: (PrimaryKey) }; RenameIndex { index: p, to: "q" }"#,
    );
    check(
        MY,
        "ALTER TABLE t ADD COLUMN (a INT, b TEXT), ADD FULLTEXT INDEX ft (c), ENGINE = InnoDB",
        r#"AddColumn { table: t, column: ColumnSpec { name: "a", ty: Integer, nullable: true } }; AddColumn { table: t, column: ColumnSpec { name: "b", ty: Text(Plain), nullable: true } }; CreateIndex { index: IndexSpec { name: ("ft"), table: t, parts: [Column("c", None)], using: ("fulltext") } }; NoEffect { what: "ALTER TABLE … ENGINE" }"#,
    );
    check(MY, "DROP INDEX ix ON t", "DropIndex { index: ix, table: (t) }");
    check(MY, "RENAME TABLE a TO b, c TO d", r#"RenameTable { table: a, to: "b" }; RenameTable { table: c, to: "d" }"#);
    check(
        MY,
        "CREATE DEFINER=`root`@`localhost` PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; END; SELECT 1",
        r#"CreateObject { kind: Procedure, name: p, definition: "CREATE DEFINER=`root`@`localhost` PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; END" }
data SELECT 1"#,
    );
    check(MY, "SET FOREIGN_KEY_CHECKS=0; # comment; here", r#"NoEffect { what: "SET" }"#);
    check(MY, r#"UPDATE t SET a = "it's" WHERE `b` = :b"#, r#"data UPDATE t SET a = "it's" WHERE `b` = :b"#);
    check(
        MY,
        "CREATE FULLTEXT INDEX ft ON t (a)",
        r#"CreateIndex { index: IndexSpec { name: ("ft"), table: t, parts: [Column("a", None)], using: ("fulltext") } }"#,
    );
    check(
        MY,
        "CREATE INDEX ix USING BTREE ON t (a(10))",
        r#"CreateIndex { index: IndexSpec { name: ("ix"), table: t, parts: [Column("a", ("(10)"))] } }"#,
    );
}
