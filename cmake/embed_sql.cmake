# cmake -DSOURCE=db/sql -DOUTPUT=sql_text.c -P embed_sql.cmake
#
# Writes the table of statements (include/db/sql.h) from the files of SOURCE/{brain,bot,either}.
# Texts become byte arrays: no literal is too long for the compiler, and nothing needs escaping.

set(sides brain DB_BRAIN bot DB_BOT either DB_SIDES)
set(arrays "")
set(rows "")

# The value of a leading `-- key: value` line, joined over repeats.
function(read_fact text key ret)
    string(REGEX MATCHALL "(^|\n)-- ${key}:[^\n]*" lines "${text}")
    set(value "")
    foreach(line ${lines})
        string(REGEX REPLACE "^\n?-- ${key}:[ ]*" "" line "${line}")
        string(APPEND value "${line} ")
    endforeach()
    string(STRIP "${value}" value)
    set(${ret} "${value}" PARENT_SCOPE)
endfunction()

function(to_bytes text ret)
    string(HEX "${text}" hex)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "(0x[89a-f].)," "(char)\\1," bytes "${bytes}")
    set(${ret} "${bytes}0" PARENT_SCOPE)
endfunction()

while(sides)
    list(POP_FRONT sides folder side)
    file(GLOB files ${SOURCE}/${folder}/*.sql)
    list(SORT files)
    foreach(file ${files})
        get_filename_component(name ${file} NAME_WE)
        file(READ ${file} raw)
        string(REPLACE ";" "<semicolon>" raw "${raw}") # CMake lists end at semicolons
        string(REPLACE "[" "<open>" raw "${raw}")      # and count brackets
        string(REPLACE "]" "<close>" raw "${raw}")
        read_fact("${raw}" needs needs)
        read_fact("${raw}" updates updates)
        read_fact("${raw}" inserts inserts)
        read_fact("${raw}" index indexes)
        string(REGEX MATCH "(^|\n)-- walk *(\n|$)" walk "${raw}")
        string(REGEX MATCH "(^|\n)-- script *(\n|$)" script "${raw}")
        string(REGEX REPLACE "(^|\n)--[^\n]*" "" body "${raw}")
        string(REPLACE "<semicolon>" ";" body "${body}")
        string(REPLACE "<open>" "[" body "${body}")
        string(REPLACE "<close>" "]" body "${body}")
        string(STRIP "${body}" body)
        string(REPLACE "auth.users" "zmartctl.users" view "${body}")
        if(body MATCHES "(INSERT INTO|UPDATE) auth.users") # what is written is the table itself
            set(view "${body}")
        endif()
        to_bytes("${body}" bytes)
        string(APPEND arrays "static const char ${folder}_${name}[] = {${bytes}};\n")
        set(view_name ${folder}_${name})
        if(NOT view STREQUAL body)
            to_bytes("${view}" bytes)
            set(view_name ${folder}_${name}_view)
            string(APPEND arrays "static const char ${view_name}[] = {${bytes}};\n")
        endif()
        string(TOUPPER ${folder}_${name} id)
        set(is_walk false)
        if(walk)
            set(is_walk true)
        endif()
        set(is_script false)
        if(script)
            set(is_script true)
        endif()
        string(APPEND rows "    [DB_SQL_${id}] = {\"${folder}/${name}\", ${side}, ${folder}_${name}, "
               "${view_name}, \"${needs}\", \"${updates}\", \"${inserts}\", \"${indexes}\", ${is_walk}, "
               "${is_script}},\n")
    endforeach()
endwhile()

file(WRITE ${OUTPUT} "/* Made by cmake/embed_sql.cmake from db/sql. */
#include \"db/sql.h\"

#include <stddef.h>

${arrays}
static const struct db_sql_text rows[DB_SQL_COUNT] = {
    [DB_SQL_NONE] = {\"\", DB_SIDES, \"\", \"\", \"\", \"\", \"\", \"\", false, false},
${rows}};

const struct db_sql_text *db_sql_text(enum db_sql id)
{
    return &rows[id];
}
")
