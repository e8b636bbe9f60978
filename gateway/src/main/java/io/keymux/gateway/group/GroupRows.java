package io.keymux.gateway.group;

import java.util.List;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

/** Rows of groups, and the revision of all of them. */
interface GroupRows extends ListCrudRepository<GroupRow, Long> {

	Optional<GroupRow> findByName(String name);

	List<GroupRow> findAllByOrderByPositionAscIdAsc();

	/** Locks the catalog too: writers of groups take turns from here to their commit. */
	@Modifying
	@Query("update keymux_catalog set revision = revision + 1 where id = 1")
	void nextRevision();

	@Query("select revision from keymux_catalog where id = 1")
	long revision();

}
