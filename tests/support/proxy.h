/*
 * A proxy in front of a server that misbehaves on demand: a slow line, a dead one, a torn one. Runs
 * in a thread of its own; everything may be called at any time and holds at once for all
 * connections, old and new. Directions are the server's: up is towards it, down is what it says.
 */
#ifndef SUPPORT_PROXY_H
#define SUPPORT_PROXY_H

#include <stdbool.h>
#include <stddef.h>

struct proxy;
enum proxy_direction { PROXY_UP, PROXY_DOWN };

/* Addresses: "127.0.0.1:5432", "127.0.0.1:0" (to listen on a free port), or the path of a unix
 * socket ("/tmp/x/.s.PGSQL.5432"). Fails the test when it cannot listen. */
struct proxy *proxy_start(const char *listen_on, const char *server);
void proxy_stop(struct proxy *p);
/* The TCP port it listens on, as text. */
const char *proxy_port(const struct proxy *p);

/* Adds so much to a round trip, half of it each way. */
void proxy_delay(struct proxy *p, int round_trip_ms);
/* Bytes per second, each way and connection; 0: as fast as it goes. */
void proxy_rate(struct proxy *p, long bytes_per_second);
/* Accepts and takes everything, hands nothing on; bytes of that time are lost for ever. */
void proxy_blackhole(struct proxy *p, bool on);
/* New connections are closed at once. */
void proxy_refuse(struct proxy *p, bool on);

/* RST to both ends of every connection. */
void proxy_reset(struct proxy *p);
/* Of each connection, counted from its start: after n bytes in that direction RST to both ends.
 * n < 0: never. */
void proxy_cut_after(struct proxy *p, enum proxy_direction direction, long n);
/* Ends one direction of every connection as a FIN, the other goes on. */
void proxy_half_close(struct proxy *p, enum proxy_direction direction);

/* Holding at a statement. One point at a time; a new one lets go what the last one held. */
enum proxy_hold_side {
    PROXY_HOLD_BEFORE, /* the text and all that the client sends after it is not handed on */
    PROXY_HOLD_AFTER,  /* it is handed on, and what the server then says is kept from the client */
};
/* Holds the connection on which clients send `text` (at most 95 bytes) for the nth time from now
 * on, counted over all connections; the others flow on. Even the end of the client is held back. */
void proxy_hold_at(struct proxy *p, const char *text, int nth, enum proxy_hold_side when);
/* The same, but counts only from where `since` has passed on some connection. */
void proxy_hold_since(struct proxy *p, const char *since, const char *text, int nth,
                      enum proxy_hold_side when);
/* Until the text came, and with PROXY_HOLD_AFTER something of the answer; false: it did not. */
bool proxy_wait_held(struct proxy *p, int timeout_ms);
/* Lets everything flow on, in order, and holds no more. */
void proxy_release(struct proxy *p);

/* Open connections, and bytes handed on so far. */
int proxy_connections(struct proxy *p);
long long proxy_bytes(struct proxy *p, enum proxy_direction direction);

#endif
