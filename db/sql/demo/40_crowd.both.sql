-- The crowd: demo.users people, the same on both sides, made of their number alone. Nothing is random, so
-- that a demo looks the same every time. Run by postgres; the table is the session's own.
CREATE TEMP TABLE crowd AS
WITH words AS (
    SELECT ARRAY['Ada','Adrian','Agnes','Ahmed','Aiko','Alba','Alex','Amara','Amir','Anders','Andrea','Anton','Arjun','Asha','Beatriz','Bence','Bianca','Bogdan','Carlos','Carmen','Chen','Clara','Dana','Daniel','David','Diego','Dmitri','Elena','Elif','Emma','Erik','Esra','Eva','Fatima','Felix','Femi','Filip','Freya','Gabriel','Giulia','Grace','Hana','Hassan','Helga','Hugo','Ida','Ilya','Ines','Ingrid','Ioana','Ivan','Jamal','Jana','Javier','Jin','Johan','Julia','Kaito','Karim','Kasia','Katya','Kemal','Lars','Layla','Lea','Leo','Li','Liam','Lina','Linh','Lucas','Lucia','Luka','Maja','Malik','Manon','Marco','Maria','Marta','Mateo','Maya','Mei','Mihai','Mila','Milan','Mina','Nadia','Naomi','Nia','Nico','Nikola','Nils','Nina','Noah','Noor','Olga','Oliver','Omar','Oscar','Paolo','Paula','Pedro','Petra','Pia','Priya','Rafael','Raj','Rana','Ravi','Rosa','Ruth','Sara','Sean','Selin','Sofia','Soren','Stefan','Tamar','Tariq','Teo','Thea','Tomas','Uma','Vera','Victor','Wei','Yara','Yuki','Yusuf','Zara','Zoe'] AS first,
           ARRAY['Abadi','Adeyemi','Almeida','Andersen','Antal','Bakker','Balan','Becker','Berg','Bianchi','Blanc','Brown','Castro','Chang','Costa','Cruz','Dahl','Danescu','Demir','Diaz','Dogan','Dubois','Duran','Eriksen','Farouk','Fernandez','Fischer','Fontana','Garcia','Georgiou','Gomez','Green','Gupta','Haddad','Hansen','Hoang','Horvath','Hughes','Ibrahim','Ionescu','Ito','Ivanov','Jansen','Jensen','Jovanovic','Kaya','Keller','Khan','Kim','Klein','Kovacs','Kowalski','Kumar','Lam','Larsen','Laurent','Lee','Lemaire','Lindberg','Lopez','Lund','Martin','Mbeki','Mehta','Meyer','Moreau','Moretti','Murphy','Nagy','Nakamura','Nguyen','Nielsen','Novak','Nowak','Nunez','Okafor','Olsen','Ortiz','Osman','Papadakis','Park','Patel','Pereira','Petrov','Popa','Popescu','Ramos','Rao','Reyes','Ricci','Rossi','Roy','Ruiz','Russo','Saito','Salem','Santos','Sato','Schmidt','Silva','Singh','Smit','Smith','Sorensen','Stan','Suzuki','Takeda','Tan','Torres','Tran','Vargas','Varga','Vega','Visser','Vogel','Wagner','Walsh','Wang','Weber','White','Wong','Yamada','Yilmaz','Young','Zhang','Zimmer'] AS last,
           ARRAY['RO','NG','PT','DK','HU','NL','DE','IT','FR','GB','ES','CN','MX','TR','GR','US','IN','VN','JP','RS','PL','KR','ZA','IE','CZ','EG','BR','BG','SE','NO'] AS country
), numbered AS (
    SELECT i, hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2,
           hashint8extended(i, 3) & 2147483647 AS h3,
           (i * 7919) % (cardinality(first) * cardinality(last)) AS pair,
           i / (cardinality(first) * cardinality(last)) AS round
      FROM words, generate_series(1, current_setting('demo.users')::bigint) AS i
), named AS (
    SELECT n.*, first[1 + pair % cardinality(first)] AS first_name,
           last[1 + pair / cardinality(first)] AS last_name, country[1 + h3 % cardinality(country)] AS country
      FROM numbered n, words
)
SELECT i, h1, h2, h3, md5('zmart crowd ' || i)::uuid AS id,
       CASE WHEN h2 % 200 = 7 THEN NULL
            ELSE lower(first_name || '.' || last_name) || CASE WHEN round > 0 THEN round::text ELSE '' END
                 || '@example.' || (ARRAY['com','org','net',lower(country),lower(country)])[1 + h1 % 5]
       END AS email,
       CASE WHEN h2 % 400 = 7 OR h3 % 23 = 0 THEN (40000000000 + i * 7)::text END AS phone,
       first_name || ' ' || last_name AS name, country,
       CASE WHEN h1 % 100 < 70 THEN 'free' WHEN h1 % 100 < 95 THEN 'pro' ELSE 'enterprise' END AS tier,
       h2 % 200 = 7 AND h2 % 400 <> 7 AS anonymous,
       h3 % 331 = 5 AS sso,
       date_trunc('second', now() - make_interval(mins => (power((h2 % 100000) / 100000.0, 1.6) * 520000)::int)) AS created_at
  FROM named;
ANALYZE crowd;
