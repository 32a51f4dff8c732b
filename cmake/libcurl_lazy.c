/*
 * libcurl, loaded when a question is first asked over HTTP: as libpq_lazy.c, of which it is the
 * sibling, and for the same reason. But nothing dies without it: curl_easy_init, with which
 * everything begins, returns NULL then. What libcurl frees is wiped: questions have tokens in them.
 */
#include <curl/curl.h>
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const char *const libraries[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

#define CALLS(X) \
    X(const char *, curl_easy_strerror, (CURLcode c), (c)) \
    X(CURLM *, curl_multi_init, (void), ()) \
    X(CURLMcode, curl_multi_add_handle, (CURLM *m, CURL *c), (m, c)) \
    X(CURLMcode, curl_multi_remove_handle, (CURLM *m, CURL *c), (m, c)) \
    X(CURLMcode, curl_multi_perform, (CURLM *m, int *n), (m, n)) \
    X(CURLMcode, curl_multi_poll, (CURLM *m, struct curl_waitfd f[], unsigned k, int ms, int *n), \
                                  (m, f, k, ms, n)) \
    X(CURLMsg *, curl_multi_info_read, (CURLM *m, int *n), (m, n)) \
    X(CURLMcode, curl_multi_cleanup, (CURLM *m), (m)) \
    X(struct curl_slist *, curl_slist_append, (struct curl_slist *l, const char *s), (l, s))
#define CALLS_VOID(X) \
    X(curl_easy_cleanup, (CURL *c), (c)) \
    X(curl_slist_free_all, (struct curl_slist *l), (l)) \
    X(curl_free, (void *p), (p))
/* clang-format on */

#undef curl_easy_setopt
#undef curl_easy_getinfo

#define ENTRY(type, name, params, args) type(*name) params;
#define ENTRY_VOID(name, params, args) void(*name) params;
static struct {
    pthread_once_t once;
    bool ready;
    CURLcode (*curl_global_init_mem)(long flags, curl_malloc_callback m, curl_free_callback f,
                                     curl_realloc_callback r, curl_strdup_callback s,
                                     curl_calloc_callback c);
    CURLcode (*curl_easy_setopt)(CURL *c, CURLoption option, ...);
    CURLcode (*curl_easy_getinfo)(CURL *c, CURLINFO info, ...);
    CURL *(*curl_easy_init)(void);
    CALLS(ENTRY)
    CALLS_VOID(ENTRY_VOID)
} libcurl = {.once = PTHREAD_ONCE_INIT};

/* What dlsym returns becomes a function the way POSIX has it: by its bytes. */
static bool find(void *library, const char *name, void *ret, size_t size)
{
    void *symbol = dlsym(library, name);

    memcpy(ret, &symbol, size);
    return symbol != NULL;
}

static void wipe_and_free(void *p)
{
    if (p)
        explicit_bzero(p, malloc_usable_size(p));
    free(p);
}

/* realloc would leave the old place as it is. */
static void *wipe_and_grow(void *p, size_t size)
{
    size_t had = p ? malloc_usable_size(p) : 0;
    void *ret = malloc(size);

    if (ret && p) {
        memcpy(ret, p, had < size ? had : size);
        wipe_and_free(p);
    }
    return ret;
}

static void load(void)
{
    void *library = NULL;
    bool all = true;
    size_t i;

    for (i = 0; !library && i < sizeof(libraries) / sizeof(libraries[0]); i++)
        library = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
#define FIND(type, name, params, args)                                                             \
    all = find(library, #name, &libcurl.name, sizeof(libcurl.name)) && all;
#define FIND_VOID(name, params, args) FIND(void, name, params, args)
    FIND(CURL *, curl_easy_init, (), ())
    CALLS(FIND)
    CALLS_VOID(FIND_VOID)
    FIND(CURLcode, curl_global_init_mem, (), ())
    FIND(CURLcode, curl_easy_setopt, (), ())
    FIND(CURLcode, curl_easy_getinfo, (), ())
    libcurl.ready = all && libcurl.curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe_and_free,
                                                        wipe_and_grow, strdup, calloc) == CURLE_OK;
}

#define FORWARD(type, name, params, args)                                                          \
    type name params                                                                               \
    {                                                                                              \
        return libcurl.name args;                                                                  \
    }
#define FORWARD_VOID(name, params, args)                                                           \
    void name params                                                                               \
    {                                                                                              \
        libcurl.name args;                                                                         \
    }
CALLS(FORWARD)
CALLS_VOID(FORWARD_VOID)

CURL *curl_easy_init(void)
{
    pthread_once(&libcurl.once, load);
    return libcurl.ready ? libcurl.curl_easy_init() : NULL;
}

/* The type of the argument is in the number of the option: ten thousands. */
CURLcode curl_easy_setopt(CURL *c, CURLoption option, ...)
{
    CURLcode rc;
    va_list args;

    va_start(args, option);
    if (option < CURLOPTTYPE_OBJECTPOINT)
        rc = libcurl.curl_easy_setopt(c, option, va_arg(args, long));
    else if (option < CURLOPTTYPE_FUNCTIONPOINT)
        rc = libcurl.curl_easy_setopt(c, option, va_arg(args, void *));
    else if (option < CURLOPTTYPE_OFF_T)
        rc = libcurl.curl_easy_setopt(c, option, va_arg(args, void (*)(void)));
    else
        rc = libcurl.curl_easy_setopt(c, option, va_arg(args, curl_off_t));
    va_end(args);
    return rc;
}

CURLcode curl_easy_getinfo(CURL *c, CURLINFO info, ...)
{
    CURLcode rc;
    va_list args;

    va_start(args, info);
    rc = libcurl.curl_easy_getinfo(c, info, va_arg(args, void *));
    va_end(args);
    return rc;
}
