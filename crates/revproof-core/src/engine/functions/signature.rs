//! What functions the servers have, and what they take: facts of the servers, whether we simulate the function or not. A call
//! is held to them before anything is computed, as the servers do it, so that it makes no difference whether there are rows.

use crate::ddl::implicit;
use crate::schema::{Dialect, SqlType, TextSize};

/// What a server makes of a call.
#[derive(Debug, PartialEq)]
pub(in crate::engine) enum Resolved {
    /// It has no such function, as far as we know.
    Unlisted,
    /// It has the function, but not for such arguments.
    Refused,
    /// It depends on types of which we do not know what they turn into.
    Open,
    /// It takes the call: the type of the value, and those that literals among the arguments get.
    Taken(SqlType, Vec<Option<SqlType>>),
}

/// What a server makes of a call with arguments of these types, of which literals have none.
pub(in crate::engine) fn resolve(dialect: Dialect, name: &str, args: &[Option<&SqlType>]) -> Resolved {
    match dialect {
        Dialect::PostgreSql => postgresql(name, args),
        Dialect::Sqlite => match listed(SQLITE, name) {
            None => Resolved::Unlisted,
            Some(counts) if !takes(counts, args.len()) => Resolved::Refused,
            Some(_) => Resolved::Taken(SqlType::None, Vec::new()),
        },
        Dialect::MySql => Resolved::Unlisted,
    }
}

/// What a list says of a function.
fn listed(list: &'static str, name: &str) -> Option<&'static str> {
    list.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
}

/// Whether so many arguments are between the least and the most that a line names; one number is both, and `*` no end.
fn takes(counts: &str, given: usize) -> bool {
    let (least, most) = counts.split_once(' ').unwrap_or((counts, counts));
    least.parse().is_ok_and(|least: usize| given >= least) && most.parse().map_or(true, |most: usize| given <= most)
}

fn postgresql(name: &str, args: &[Option<&SqlType>]) -> Resolved {
    let Some(overloads) = listed(POSTGRESQL, name) else { return Resolved::Unlisted };
    let mut open = false;
    let mut taken: Vec<(usize, Vec<char>, char)> = Vec::new();
    for overload in overloads.split(' ') {
        let Some((params, result)) = overload.split_once(':') else { continue };
        let Some(params) = spread(params, args.len()) else { continue };
        let accepted: Option<Vec<bool>> = params.iter().zip(args).map(|(param, arg)| accepts(*param, *arg)).collect();
        match accepted {
            None => open = true,
            Some(accepted) if accepted.iter().all(|yes| *yes) => {
                let exact =
                    params.iter().zip(args).filter(|(param, arg)| arg.is_some() && of(**param).as_ref() == **arg);
                taken.push((exact.count(), params, result.chars().next().unwrap_or('?')));
            }
            Some(_) => {}
        }
    }
    let Some((_, params, result)) = taken.iter().max_by_key(|(exact, ..)| *exact) else {
        return if open { Resolved::Open } else { Resolved::Refused };
    };
    // A literal is of the one type that may stand there.
    let settled = |(at, param): (usize, &char)| {
        let alone = taken.iter().all(|(_, other, _)| other.get(at) == Some(param));
        of(*param).filter(|_| alone && !open)
    };
    let literals = params.iter().enumerate().map(settled).collect();
    Resolved::Taken(of(*result).unwrap_or(SqlType::Unknown), literals)
}

/// The parameters for so many arguments: a star repeats the one before it, once or more often.
fn spread(params: &str, count: usize) -> Option<Vec<char>> {
    let mut params: Vec<char> = params.chars().collect();
    if params.last() == Some(&'*') {
        params.pop();
        let repeated = *params.last()?;
        if count >= params.len() {
            params.resize(count, repeated);
        }
    }
    (params.len() == count).then_some(params)
}

/// Whether an argument may stand for a parameter; `None` where that is not known.
fn accepts(param: char, arg: Option<&SqlType>) -> Option<bool> {
    let Some(arg) = arg else { return Some(true) };
    let foreign = matches!(arg, SqlType::Builtin(_) | SqlType::Named(..) | SqlType::Unknown | SqlType::None);
    let text = matches!(arg, SqlType::Text(_) | SqlType::VarChar(_) | SqlType::Char(_));
    match param {
        '.' => Some(true),
        'a' | 'E' | '?' if foreign => None,
        'a' => Some(matches!(arg, SqlType::Array(_))),
        'E' => Some(matches!(arg, SqlType::Enum(_))),
        // The names of tables are text there.
        'o' if text => Some(true),
        param => of(param).map_or(Some(false), |ty| implicit(arg, &ty)),
    }
}

/// The type that a letter stands for.
fn of(letter: char) -> Option<SqlType> {
    let builtin = |name: &str| SqlType::Builtin(name.into());
    Some(match letter {
        'b' => SqlType::Boolean,
        'i' => SqlType::Integer,
        'l' => SqlType::BigInt,
        'n' => SqlType::Numeric(None, None),
        'f' => SqlType::Double,
        't' => SqlType::Text(TextSize::Plain),
        'T' => SqlType::Array(Box::new(SqlType::Text(TextSize::Plain))),
        'd' => SqlType::Date,
        'm' => SqlType::Time { precision: None, tz: false },
        'x' => SqlType::Time { precision: None, tz: true },
        'p' => SqlType::Timestamp { precision: None, tz: false },
        'z' => SqlType::Timestamp { precision: None, tz: true },
        'v' => SqlType::Interval { fields: None, precision: None },
        'u' => SqlType::Uuid,
        'y' => SqlType::Bytea,
        'j' => SqlType::Json,
        'k' => SqlType::Jsonb,
        'B' => SqlType::Bit { length: None, varying: true },
        'I' => builtin("INET"),
        'X' => builtin("XML"),
        'o' => builtin("OID"),
        'w' => builtin("TSVECTOR"),
        'q' => builtin("TSQUERY"),
        'c' => builtin("REGCONFIG"),
        _ => return None,
    })
}

/// SQLite's functions, and how many arguments they take at least and at most. Those that a build may lack are left out.
const SQLITE: &str = "\
abs 1
avg 1
bm25 0 *
changes 0
char 0 *
coalesce 2 *
count 0 1
current_date 0
current_time 0
current_timestamp 0
date 0 *
datetime 0 *
format 0 *
fts3_tokenizer 1 2
fts5 1
fts5_source_id 0
glob 2
group_concat 1 2
hex 1
highlight 0 *
ifnull 2
iif 2 *
instr 2
json 1
json_array 0 *
json_array_length 1 2
json_extract 0 *
json_group_array 1
json_group_object 2
json_insert 0 *
json_object 0 *
json_patch 2
json_quote 1
json_remove 0 *
json_replace 0 *
json_set 0 *
json_type 1 2
json_valid 1
julianday 0 *
last_insert_rowid 0
length 1
like 2 3
lower 1
ltrim 1 2
match 2
matchinfo 1 2
max 1 *
min 1 *
nullif 2
offsets 1
optimize 1
printf 0 *
quote 1
random 0
randomblob 1
replace 3
round 1 2
rtreecheck 0 *
rtreedepth 1
rtreenode 2
rtrim 1 2
sign 1
snippet 0 *
soundex 1
sqlite_source_id 0
sqlite_version 0
strftime 1 *
substr 2 3
substring 2 3
sum 1
time 0 *
total 1
total_changes 0
trim 1 2
typeof 1
unicode 1
unixepoch 0 *
upper 1
zeroblob 1";

/// PostgreSQL's functions, one a line: the name, then each list of parameters with the result behind a colon. A letter is a
/// type (see [`of`]); `a` is any array, `E` any enum, `.` anything, `?` a type that is none of ours, and what a star
/// follows may be repeated.
const POSTGRESQL: &str = "\
abbrev I:t
abs n:n i:i l:l f:f
acos f:f
age zz:v z:v p:v pp:v ?:i
array_agg .:? a:?
array_append a.:?
array_cat aa:?
array_dims a:t
array_fill .a:? .aa:?
array_length ai:i
array_lower ai:i
array_ndims a:i
array_position a.i:i a.:i
array_positions a.:?
array_prepend .a:?
array_remove a.:?
array_replace a..:?
array_to_json ab:j a:j
array_to_string att:t at:t
array_to_tsvector a:w
array_upper ai:i
ascii t:i
asin f:f
atan f:f
atan2 ff:f
avg f:f l:n i:n n:n v:v
bit_and B:B i:i l:l
bit_length y:i B:i t:i
bit_or B:B i:i l:l
bool_and b:b
bool_or b:b
btrim t:t yy:y tt:t
cardinality a:i
cbrt f:f
ceil n:n f:f
ceiling n:n f:f
char_length t:i
character_length t:i
chr i:t
col_description oi:t
concat .*:t
concat_ws t.*:t
convert ytt:y
cos f:f
count :l .:l
current_catalog :t
current_database :t
current_date :d
current_role :t
current_schema :t
current_setting tb:t t:t
current_time :x i:x
current_timestamp :z i:z
current_user :t
currval o:l
date_bin vzz:z vpp:p
date_part tx:f tm:f tp:f tv:f tz:f td:f
date_trunc tp:p tz:z tzt:z tv:v
decode tt:y
degrees f:f
div nn:n
encode yt:t
enum_first E:E
enum_last E:E
enum_range E:? EE:?
every b:b
exp f:f n:n
extract tp:n tv:n tx:n tz:n tm:n td:n
factorial l:n
floor f:f n:n
format t:t t.*:t
gen_random_uuid :u
greatest .*:?
has_column_privilege otit:b ttt:b tit:b ott:b oit:b toit:b tott:b oott:b ooit:b tttt:b ttit:b ottt:b
has_schema_privilege ot:b tot:b ott:b ttt:b oot:b tt:b
has_table_privilege tt:b ttt:b tot:b ott:b oot:b ot:b
hashtext t:i
host I:t
initcap t:t
json_agg .:j
json_array_length j:i
json_build_array .*:j :j
json_build_object .*:j :j
json_extract_path jt*:j
json_extract_path_text jt*:t
json_object aa:j a:j
json_object_agg ..:j
json_strip_nulls j:j
json_typeof j:t
jsonb_agg .:k
jsonb_array_length k:i
jsonb_build_array .*:k :k
jsonb_build_object :k .*:k
jsonb_exists kt:b
jsonb_extract_path kt*:k
jsonb_extract_path_text kt*:t
jsonb_insert kakb:k kak:k
jsonb_object a:k aa:k
jsonb_object_agg ..:k
jsonb_path_exists k?kb:b k?k:b k?:b
jsonb_path_match k?kb:b k?k:b k?:b
jsonb_path_query_array k?kb:k k?k:k k?:k
jsonb_path_query_first k?kb:k k?k:k k?:k
jsonb_pretty k:t
jsonb_set kakb:k kak:k
jsonb_set_lax kakbt:k kakb:k kak:k
jsonb_strip_nulls k:k
jsonb_typeof k:t
lastval :l
least .*:?
left ti:t
length y:i B:i yt:i ?:f w:i t:i
ln f:f n:n
localtime :m i:m
localtimestamp :p i:p
log nn:n n:n f:f
log10 n:n f:f
lower ?:. t:t
lpad tit:t ti:t
ltrim t:t tt:t yy:y
make_date iii:d
make_interval iiiiiif:v iiiiii:v iiiii:v iiii:v iii:v ii:v i:v :v
make_time iif:m
make_timestamp iiiiif:p
make_timestamptz iiiiif:z iiiiift:z
max d:d i:i l:l ?:? x:x a:? m:m E:E f:f o:? n:n t:t v:v z:z p:p I:I
md5 y:t t:t
min t:t l:l i:i o:? f:f d:d m:m x:x ?:? p:p z:z v:v I:I n:n E:E a:?
min_scale n:i
mod ii:i nn:n ll:l
nextval o:l
normalize tt:t t:t
now :z
obj_description o:t ot:t
octet_length t:i B:i y:i
overlay yyi:y BBii:B BBi:B tti:t ttii:t yyii:y
pg_get_serial_sequence tt:t
pg_typeof .:?
pi :f
position yy:i tt:i BB:i
pow ff:f nn:n
power ff:f nn:n
quote_ident t:t
quote_literal .:t t:t
quote_nullable .:t t:t
radians f:f
random :f ii:i ll:l nn:n
regexp_count ttit:i tti:i tt:i
regexp_instr ttiiiti:i tt:i tti:i ttiii:i ttii:i ttiiit:i
regexp_like ttt:b tt:b
regexp_match ttt:T tt:T
regexp_replace ttt:t tttiit:t tttt:t ttti:t tttii:t
regexp_split_to_array tt:T ttt:T
regexp_substr tt:t ttii:t ttiit:t ttiiti:t tti:t
repeat ti:t
replace ttt:t
reverse t:t y:y
right ti:t
round n:n ni:n f:f
row_to_json .b:j .:j
rpad ti:t tit:t
rtrim yy:y t:t tt:t
scale n:i
session_user :t
set_config ttb:t
setseed f:t
setval olb:l ol:l
setweight wta:w wt:w
sha256 y:y
sign f:f n:n
sin f:f
split_part tti:t
sqrt n:n f:f
starts_with tt:b
stddev n:n f:f i:n l:n
string_agg yy:y tt:t
string_to_array ttt:T tt:T
strip w:w
strpos tt:i
substr yi:y yii:y tii:t ti:t
substring Bii:B yi:y yii:y Bi:B tt:t ti:t tii:t ttt:t
sum i:l f:f ?:? n:n v:v l:n
tan f:f
text t:t b:t I:t X:t
timezone vz:p tp:z vx:x tx:x vp:z tz:p
to_ascii t:t tt:t ti:t
to_char ft:t it:t lt:t pt:t zt:t vt:t nt:t
to_date tt:d
to_hex i:t l:t
to_json .:j
to_jsonb .:k
to_number tt:n
to_regclass t:?
to_regtype t:?
to_timestamp tt:z f:z
to_tsquery t:q ct:q
to_tsvector j:w ct:w t:w k:w ck:w cj:w
transaction_timestamp :z
translate ttt:t
trim_array ai:?
trim_scale n:n
trunc n:n ?:? ni:n f:f
upper ?:. t:t
user :t
variance f:f n:n l:n i:n
version :t
";
