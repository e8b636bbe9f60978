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

	/** Writers of groups take turns from here to their commit. */
	@Query("select revision from keymux_revision where scope = 'groups' for update")
	long lock();

	@Modifying
	@Query("update keymux_revision set revision = revision + 1 where scope = 'groups'")
	void nextRevision();

	@Modifying
	@Query("update keymux_group set position = :position where name = :name")
	void moveTo(String name, int position);

	@Query("select revision from keymux_revision where scope = 'groups'")
	long revision();

}
