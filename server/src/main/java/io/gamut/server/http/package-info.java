/** HTTP/JSON: docs/http.md has it for users, openapi.json among the resources for tools. */
@NullMarked
package io.gamut.server.http;

import org.jspecify.annotations.NullMarked;
