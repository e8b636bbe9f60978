package io.keymux.gateway.admin;

import java.util.List;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

/** Rows of API tokens, and the revision of all of them. */
interface ApiTokenRows extends ListCrudRepository<ApiTokenRow, Long> {

	Optional<ApiTokenRow> findByName(String name);

	List<ApiTokenRow> findAllByOrderById();

	/** Writers of API tokens take turns from here to their commit. */
	@Query("select revision from keymux_revision where scope = 'api-tokens' for update")
	long lock();

	@Modifying
	@Query("update keymux_revision set revision = revision + 1 where scope = 'api-tokens'")
	void nextRevision();

}
