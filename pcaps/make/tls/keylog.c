/*
 * Writes the TLS keys of any program that uses OpenSSL to $SSLKEYLOGFILE, in
 * the format that all readers of captures know. Loaded with LD_PRELOAD; built
 * by tls.sh. It only asks OpenSSL for what OpenSSL offers: a callback on every
 * new context.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_line(const SSL *ssl, const char *line)
{
	const char *name = getenv("SSLKEYLOGFILE");
	char buffer[1024];
	size_t n = strlen(line);
	int fd;

	(void)ssl;
	if (!name || n + 1 > sizeof buffer)
		return;
	memcpy(buffer, line, n);
	buffer[n++] = '\n';
	fd = open(name, O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (fd < 0)
		return;
	if (write(fd, buffer, n) < 0)
		abort();
	close(fd);
}

SSL_CTX *SSL_CTX_new(const SSL_METHOD *method)
{
	SSL_CTX *(*next)(const SSL_METHOD *) = (SSL_CTX *(*)(const SSL_METHOD *))dlsym(RTLD_NEXT, "SSL_CTX_new");
	SSL_CTX *context = next(method);

	if (context)
		SSL_CTX_set_keylog_callback(context, write_line);
	return context;
}
